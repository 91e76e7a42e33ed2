// What an option can be. The tables of options are made of these; help, parsing, the README's table and the shell
// completions all read the same table. Types only.

export type OptionGroup =
  | "What to wrap"
  | "What to unwrap"
  | "What to verify"
  | "What to bundle"
  | "Libraries"
  | "How"
  | "Output";

interface OptionBase {
  readonly group: OptionGroup;
  /** A sentence without a full stop, in the imperative or naming the thing. */
  readonly description: string;
}

/** What a value is, for the shell completions. */
export type ValueHint = "path" | "directory" | "text";

/** Takes any number of words, can be repeated, collects all of them. */
export interface ListOption extends OptionBase {
  readonly kind: "list";
  readonly placeholder: string;
  readonly hint: ValueHint;
}

/** Takes one word; the last one given counts. */
export interface ValueOption extends OptionBase {
  readonly kind: "value";
  readonly placeholder: string;
  readonly hint: ValueHint;
}

/** Takes one of `choices`; the last one given counts. */
export interface ChoiceOption extends OptionBase {
  readonly kind: "choice";
  readonly choices: readonly string[];
  /** Absent: undefined unless given. */
  readonly default?: string;
}

/** Off unless given; takes no value. */
export interface FlagOption extends OptionBase {
  readonly kind: "flag";
  /** One letter, without its dash. */
  readonly alias?: string;
}

/** `--NAME` and `--no-NAME`; takes no value. */
export interface ToggleOption extends OptionBase {
  readonly kind: "toggle";
  /** "unset": undefined unless given. */
  readonly default: boolean | "unset";
  /** For a default that is "unset": what it means. */
  readonly defaultText?: string;
}

/** `--NAME`, `--NAME=VALUE` and `--no-NAME`; a word of its own is never its value. */
export interface OptionalOption extends OptionBase {
  readonly kind: "optional";
  readonly placeholder: string;
  readonly hint: ValueHint;
  /** The values that there are; absent: any. */
  readonly choices?: readonly string[];
  /** What counts without it. */
  readonly defaultText: string;
}

/** How many times it was given; takes no value. */
export interface CountOption extends OptionBase {
  readonly kind: "count";
  readonly alias: string;
}

export type OptionSpec =
  | ListOption
  | ValueOption
  | ChoiceOption
  | FlagOption
  | ToggleOption
  | OptionalOption
  | CountOption;

/** Options by their long name without dashes. */
export type OptionTable = Readonly<Record<string, OptionSpec>>;

type ChoiceValue<Spec extends ChoiceOption> = Spec extends { readonly default: string }
  ? Spec["choices"][number]
  : Spec["choices"][number] | undefined;

type OptionalValue<Spec extends OptionalOption> =
  | (Spec extends { readonly choices: readonly string[] } ? Spec["choices"][number] : string)
  | boolean
  | undefined;

/** What an option's value is once parsed. */
export type OptionValue<Spec extends OptionSpec> = Spec extends ListOption
  ? readonly string[]
  : Spec extends ValueOption
    ? string | undefined
    : Spec extends ChoiceOption
      ? ChoiceValue<Spec>
      : Spec extends FlagOption
        ? boolean
        : Spec extends ToggleOption
          ? Spec["default"] extends boolean
            ? boolean
            : boolean | undefined
          : Spec extends OptionalOption
            ? OptionalValue<Spec>
            : number;

/** The values of all options of a table. */
export type OptionValues<Table extends OptionTable> = {
  readonly [Name in keyof Table]: OptionValue<Table[Name]>;
};
