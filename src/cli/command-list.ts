// The names of the commands, the default one first, and what the help text says of each. Data only.

export const commandList = [
  { name: "wrap", summary: "wrap executables; this is what is done without a command" },
  { name: "unwrap", summary: "restore wrapped executables byte for byte, and remove what lies beside them" },
  { name: "verify", summary: "say whether wrapped executables are whole, and what they refer to is there" },
  { name: "inspect", summary: "show what executables load, from where and why" },
] as const;

export type CommandName = (typeof commandList)[number]["name"];
