#!/bin/sh
# Bundles the command line and the setup hook: one file for each entry point and for each command, and one for the option
# parser, all of them loaded only where they are used. Arguments are further options of esbuild.
#
# CommonJS, because Node starts it 9 ms sooner than ES modules. A file for each command, because a dynamic import inside
# of one file keeps esbuild from putting the modules' code at the top level: V8 then goes through all of it twice, 8 ms.
set -eu

out=build/bundle
rm -rf "$out"
mkdir -p "$out/cli" "$out/hook" dist

bundle() {
	esbuild "$@" --bundle --minify-whitespace --minify-syntax --log-level=warning \
		--platform=node --format=cjs --target=node20.12 --supported:dynamic-import=false \
		--define:import.meta.url=importMetaUrl \
		'--banner:js=const importMetaUrl = require("node:url").pathToFileURL(__filename).href;'
}

commands="wrap unwrap verify inspect"
entries="src/hook/main.ts src/hook/wrap.ts src/hook/list-unstrippable.ts src/cli/main.ts src/cli/json-schemas.ts"
external="--external:./src/hook/list-unstrippable.ts --external:./src/hook/wrap.ts --external:./src/cli/json-schemas.ts"
for command in $commands; do
	entries="$entries src/cli/$command.ts"
	external="$external --external:./src/cli/$command.ts"
done

bundle yargs/helpers --outfile="$out/yargs/index.cjs" --alias:string-width=./src/cli/string-width.ts
# shellcheck disable=SC2086 # words
bundle $entries --outbase=src --outdir="$out" $external \
	--alias:yargs/helpers=../yargs/index.cjs --external:../yargs/index.cjs "$@"
for folder in cli hook; do
	# esbuild leaves the sources' names where one file loads another.
	sed -i 's#require("[./]*/src/\([a-z]*/[a-z-]*\)\.ts")#require("../\1.js")#g' "$out/$folder"/*.js
	# The package's own files are ES modules.
	echo '{ "type": "commonjs" }' >"$out/$folder/package.json"
done

# Last and at once, so that a program started meanwhile finds the one or the other.
rm -rf dist/cli dist/hook dist/yargs
mv "$out/cli" "$out/hook" "$out/yargs" dist/
