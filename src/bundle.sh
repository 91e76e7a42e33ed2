#!/bin/sh
# Bundles the command line and the setup hook: one file for each entry point and for each command, and one for yargs, all of them loaded only where they are used. Arguments are further options of esbuild.
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

# What the entry points load: files of their own.
loaded="src/hook/wrap-buddy-hook.ts src/hook/list-unstrippable.ts src/cli/yargs.ts src/cli/command-line.ts"
loaded="$loaded src/cli/json-schemas.ts src/cli/installed-texts.ts src/cli/nix-program.ts"
loaded="$loaded $(echo src/cli/*-command.ts)"
external=
for file in $loaded; do
	external="$external --external:./$file"
done
# shellcheck disable=SC2086 # words
bundle src/cli/main.ts src/hook/main.ts $loaded --outbase=src --outdir="$out" $external \
	--alias:string-width=./src/cli/output/string-width.ts "$@"
bundle src/cli/engine/load-part.ts --outdir="$out/cli/engine" "$@"
bundle src/cli/engine/record-code-caches.ts --outfile="$out/record-code-caches.cjs" "$@"
for folder in cli hook; do
	# esbuild leaves the sources' names where one file loads another.
	sed -i 's#require("[./]*/src/\([a-z]*/[a-z-]*\)\.ts")#require("../cli/engine/load-part.js").loadPart("\1")#g' \
		"$out/$folder"/*.js
	# The package's own files are ES modules.
	echo '{ "type": "commonjs" }' >"$out/$folder/package.json"
done

# Last and at once, so that a program started meanwhile finds the one or the other.
rm -rf dist/cli dist/hook
mv "$out/cli" "$out/hook" dist/
