// What addons of npm packages are given to do, one line of output for each that is named on the command line.

const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");

const hash = (bytes) => createHash("sha256").update(bytes).digest("hex");

const works = {
  /** Hashes a password. */
  argon2() {
    const { hashSync, verifySync } = require("@node-rs/argon2");
    const hashed = hashSync("password", { salt: Buffer.alloc(16, 1) });
    return `${hashed} ${verifySync(hashed, "password")}`;
  },
  /** Draws an SVG image. */
  resvg() {
    const { Resvg } = require("@resvg/resvg-js");
    const circle = '<circle cx="20" cy="15" r="9" fill="red"/>';
    return hash(
      new Resvg(`<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30">${circle}</svg>`).render().asPng(),
    );
  },
  /** Draws on a canvas. */
  canvas() {
    const { createCanvas } = require("@napi-rs/canvas");
    const context = createCanvas(40, 30).getContext("2d");
    context.fillStyle = "red";
    context.arc(20, 15, 9, 0, 7);
    context.fill();
    return hash(context.getImageData(0, 0, 40, 30).data);
  },
  /** Answers an SQL query. Its library lies beside its addon. */
  async duckdb() {
    const { DuckDBInstance } = require("@duckdb/node-api");
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const result = await connection.runAndReadAll("select sum(i)::integer, count(*)::integer from range(1000) t(i)");
    return JSON.stringify(result.getRowsJson());
  },
  /** Makes an image smaller. Its library lies in another package, which its run path names from its own place. */
  async sharp() {
    const image = require("sharp")({ create: { width: 64, height: 48, channels: 3, background: "#c03" } });
    const { data, info } = await image.resize(16).raw().toBuffer({ resolveWithObject: true });
    return `${info.width}x${info.height} ${hash(data)}`;
  },
  /** Puts sound into a buffer and takes it out. */
  audio() {
    const { AudioBuffer } = require("./node_modules/node-web-audio-api/node-web-audio-api.linux-x64-gnu.node");
    const buffer = new AudioBuffer({ length: 4, numberOfChannels: 1, sampleRate: 8000 });
    buffer.copyToChannel(Float32Array.of(1, 2, 3, 4), 0, 0);
    const taken = new Float32Array(4);
    buffer.copyFromChannel(taken, 0, 0);
    return `${buffer.duration} ${taken}`;
  },
  /** Writes completions for a shell. Its run path has room between two of its sections only. */
  async tauri() {
    const { run } = require("./node_modules/@tauri-apps/cli-linux-x64-gnu/cli.linux-x64-gnu.node");
    const words = ["completions", "--shell", "bash", "--output", "/tmp/tauri.bash"];
    await new Promise((resolve, reject) => run(words, "tauri", (error) => (error ? reject(error) : resolve())));
    return hash(readFileSync("/tmp/tauri.bash"));
  },
};

async function main() {
  for (const name of process.argv.slice(2)) {
    try {
      console.log(`${name}: ${await works[name]()}`);
    } catch (error) {
      console.log(`${name} failed: ${String(error.cause?.message ?? error.message).replaceAll("\n", " ")}`);
    }
  }
  process.exit(0);
}

main();
