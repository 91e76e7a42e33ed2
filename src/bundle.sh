#!/bin/sh
# Bundles the command line and the setup hook, a file each, and the option parser, which only the former needs, and only
# with options. Arguments are further options of esbuild. CommonJS, because Node starts it 9 ms sooner than ES modules.
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

bundle yargs/helpers --outfile="$out/yargs/index.cjs" --alias:string-width=./src/cli/string-width.ts
bundle src/cli/main.ts src/hook/main.ts --outbase=src --outdir="$out" \
	--alias:yargs/helpers=../yargs/index.cjs --external:../yargs/index.cjs "$@"
# The package's own files are ES modules.
for folder in cli hook; do
	echo '{ "type": "commonjs" }' >"$out/$folder/package.json"
done

# Last and at once, so that a program started meanwhile finds the one or the other.
rm -rf dist/cli dist/hook dist/yargs
mv "$out/cli" "$out/hook" "$out/yargs" dist/
