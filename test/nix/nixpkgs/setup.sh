# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # attributes come from the derivation, and hooks read what is set here
# The standard environment of the test package set. What it keeps of nixpkgs' is what a setup hook can see: how attributes
# arrive, when hooks are sourced and for which packages they are called, and the order of everything in the fixup phase.
# Source: nixpkgs manual, "The Standard Environment": phases, setup hooks, dependencies.

set -eu -o pipefail
shopt -s nullglob inherit_errexit

if [[ -n ${NIX_ATTRS_JSON_FILE-} ]]; then
	# The outputs are a map here; programs that a build runs expect them in their environment all the same.
	for outputName in "${!outputs[@]}"; do
		export "$outputName=${outputs[$outputName]}"
	done
fi

# The names of all outputs: in their order where that is known.
getAllOutputNames() {
	if [[ -n ${NIX_ATTRS_JSON_FILE-} ]]; then
		echo "${!outputs[*]}"
	else
		echo "$outputs"
	fi
}

# concatTo ARRAY VARIABLE… appends the words of strings and the elements of arrays.
concatTo() {
	local -n concatTarget=$1
	local name
	shift
	for name in "$@"; do
		local -n concatSource=$name
		if [[ $(declare -p "$name" 2>/dev/null) == "declare -a"* ]]; then
			concatTarget+=("${concatSource[@]}")
		else
			# shellcheck disable=SC2206
			concatTarget+=(${concatSource-})
		fi
	done
}

# runHook NAME: the function or the attribute NAME, then every element of the array NAMEHooks.
runHook() {
	local name=$1 element
	local -n hookList=${name}Hooks
	if declare -F "$name" >/dev/null; then
		"$name"
	elif [[ -n ${!name-} ]]; then
		eval "${!name}"
	fi
	for element in "${hookList[@]}"; do
		eval "$element"
	done
}
preFixupHooks=() fixupOutputHooks=() postFixupHooks=()

# ---- Dependencies. Offsets: -1 build, 0 host, 1 target; a package has one for where it runs and one for what it makes.

# envHooksOf[HOST OFFSET]: names of functions.
declare -A envHooksOf=([-1]="" [0]="" [1]="")
addEnvHooks() {
	envHooksOf[$1]+=" $2"
}

pkgsBuildBuild=() pkgsBuildHost=() pkgsBuildTarget=() pkgsHostHost=() pkgsHostTarget=() pkgsTargetTarget=()
declare -A packageList=(
	["-1 -1"]=pkgsBuildBuild ["-1 0"]=pkgsBuildHost ["-1 1"]=pkgsBuildTarget
	["0 0"]=pkgsHostHost ["0 1"]=pkgsHostTarget ["1 1"]=pkgsTargetTarget
)

# findInputs PACKAGE HOST_OFFSET TARGET_OFFSET: it, and what it propagates, where that still has a place.
findInputs() {
	local package=$1 host=$2 target=$3 next
	local -n list=${packageList["$host $target"]}
	if [[ " ${list[*]} " == *" $package "* ]]; then
		return 0
	fi
	list+=("$package")
	if [[ -e $package/nix-support/propagated-build-inputs ]]; then
		for next in $(<"$package/nix-support/propagated-build-inputs"); do
			findInputs "$next" "$host" "$target"
		done
	fi
	if [[ $host == 0 && -e $package/nix-support/propagated-native-build-inputs ]]; then
		for next in $(<"$package/nix-support/propagated-native-build-inputs"); do
			findInputs "$next" -1 0
		done
	fi
}

# activate PACKAGE HOST_OFFSET TARGET_OFFSET
activate() {
	# Hooks read these.
	# shellcheck disable=SC2034
	local hostOffset=$2 targetOffset=$3
	if [[ -f $1 ]]; then
		# shellcheck source=/dev/null
		source "$1"
		return
	fi
	if [[ (-z ${strictDeps-} || $2 == -1) && -d $1/bin ]]; then
		PATH+=:$1/bin
	fi
	if [[ -f $1/nix-support/setup-hook ]]; then
		# shellcheck source=/dev/null
		source "$1/nix-support/setup-hook"
	fi
}

setUpDependencies() {
	local inputs=() package host target name visited
	export PATH=$initialPath/bin
	concatTo inputs nativeBuildInputs defaultNativeBuildInputs
	for package in "${inputs[@]}"; do
		findInputs "$package" -1 0
	done
	inputs=()
	concatTo inputs buildInputs
	for package in "${inputs[@]}"; do
		findInputs "$package" 0 1
	done
	inputs=()
	concatTo inputs depsHostHost
	for package in "${inputs[@]}"; do
		findInputs "$package" 0 0
	done

	for host in -1 0 1; do
		for ((target = host; target <= 1; target++)); do
			local -n activated=${packageList["$host $target"]}
			for package in "${activated[@]}"; do
				activate "$package" "$host" "$target"
			done
		done
	done

	for host in -1 0 1; do
		for ((target = host; target <= 1; target++)); do
			for name in ${envHooksOf[$host]}; do
				if [[ -n ${strictDeps-} ]]; then
					local -n seen=${packageList["$host $target"]}
					for package in "${seen[@]}"; do
						"$name" "$package"
					done
					continue
				fi
				# Without strictDeps every package is shown, once for each target offset.
				visited=" "
				for package in "${pkgsBuildBuild[@]}" "${pkgsBuildHost[@]}" "${pkgsBuildTarget[@]}" \
					"${pkgsHostHost[@]}" "${pkgsHostTarget[@]}" "${pkgsTargetTarget[@]}"; do
					if [[ $visited != *" $package "* ]]; then
						visited+="$package "
						"$name" "$package"
					fi
				done
			done
		done
	done
}

recordPropagatedDependencies() {
	local packages=()
	concatTo packages propagatedBuildInputs
	if ((${#packages[@]} > 0)); then
		mkdir -p "${!outputDev}/nix-support"
		echo "${packages[*]}" >"${!outputDev}/nix-support/propagated-build-inputs"
	fi
}

# ---- Text

# substituteAll FROM TO: @name@ becomes the value of the exported variable whose name begins with a small letter.
substituteAll() {
	local content name
	content=$(cat "$1" && echo .)
	content=${content%.}
	for name in $(compgen -e | grep '^[a-z]'); do
		content=${content//"@$name@"/"${!name}"}
	done
	printf %s "$content" >"$2"
}

# ---- Phases

unpackPhase() {
	runHook preUnpack
	# shellcheck disable=SC2154
	if [[ -d $src ]]; then
		cp -r "$src" source
	else
		mkdir source
		tar -xzf "$src" -C source --strip-components=1 --no-same-owner
	fi
	# What lies outside of it stays as it is in the store.
	sourceRoot=${sourceRoot:-source}
	chmod -R u+w "$sourceRoot"
	runHook postUnpack
}

buildPhase() {
	runHook preBuild
	if [[ -e Makefile ]]; then
		local flags=()
		concatTo flags makeFlags buildFlags
		make -j"${NIX_BUILD_CORES:-1}" "${flags[@]}"
	fi
	runHook postBuild
}

installPhase() {
	runHook preInstall
	runHook postInstall
}

fixupPhase() {
	local name prefix
	for name in $(getAllOutputNames); do
		if [[ -e ${!name} ]]; then
			chmod -R u+w,u-s,g-s "${!name}"
		fi
	done
	runHook preFixup
	for name in $(getAllOutputNames); do
		prefix=${!name}
		runHook fixupOutput
	done
	recordPropagatedDependencies
	runHook postFixup
}

runPhase() {
	echo "Running phase: $1"
	if [[ -n ${!1-} ]]; then
		eval "${!1}"
	elif declare -F "$1" >/dev/null; then
		"$1"
	fi
	if [[ $1 == unpackPhase ]]; then
		cd "${sourceRoot:-.}"
	fi
}

genericBuild() {
	set +u
	if [[ -n ${buildCommand-} ]]; then
		eval "$buildCommand"
		return
	fi
	export prefix=${!outputDefault}
	[[ -n ${dontUnpack-} ]] || runPhase unpackPhase
	runPhase configurePhase
	[[ -n ${dontBuild-} ]] || runPhase buildPhase
	runPhase installPhase
	[[ -n ${dontFixup-} ]] || runPhase fixupPhase
	[[ -z ${doInstallCheck-} ]] || runPhase installCheckPhase
}

outputDefault=$(getAllOutputNames)
outputDefault=${outputDefault%% *}
[[ " $(getAllOutputNames) " != *" out "* ]] || outputDefault=out
outputDev=$outputDefault
[[ " $(getAllOutputNames) " != *" dev "* ]] || outputDev=dev

setUpDependencies
