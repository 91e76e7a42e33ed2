// yargs under a name: a bundle gives CommonJS's default export another meaning. Apart, since loading it takes 10 ms.

export { default as yargs } from "yargs";
