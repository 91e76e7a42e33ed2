# The pre-built programs: packages of the npm registry, which their authors built on other distributions.
fetchNpmPackage:
let
  archive =
    name: version: hash:
    fetchNpmPackage {
      inherit name version hash;
    };
in
{
  # Rust; needs libgcc_s.so.1 besides the C library.
  lightningcss = archive "lightningcss-cli-linux-x64-gnu" "1.33.0" "sha512-9Q4DAglm17bLhA+HZPB+vxjrHXdhR/8U44zyc8MQNA5Rw+tisvcoR/lv4iuBUFn2qreYVRWQq0wP0rgdhTSxyQ==";
  # Dart, with DT_RPATH $ORIGIN/.
  sass = archive "sass-embedded-linux-x64" "1.108.2" "sha512-9SNMGIYzfdMAflPlNLQro9gIWbrbrSibwffatFaEmjMPBHqy2gNwg7VuzDRHBygbSqsrsqfhokYGchCyzCZI9Q==";
  # Makes single-file programs of itself.
  bun = archive "@oven/bun-linux-x64" "1.4.5" "sha512-IWX9BELoGHAUtMonkeSaNaZwXzRk+oDw6Mk+HBFXd3KHYIBNBsIGRupMZPcgNoDbJpLu6gAJjIoIVPZtt1aJ1g==";
  # An addon for node and bun that needs libstdc++.
  watcher = archive "@parcel/watcher-linux-x64-glibc" "2.6.0" "sha512-ulGE6x6Oz6iAwg75T8YQSoguBWasniIbX+QWpaYPcCnDOpdWX3k+4xbEYPZVLxOuoJI+svJJPD3sEj8G7lrQ3A==";
  # Programs that carry addons inside themselves, for test/corpus.
  opencode = archive "opencode-linux-x64" "1.18.34" "sha512-RTAMjCve4euxP2QKLuvRmdoW5J5DQK1DiZqt+7slfixyjAEi79QC2Df2oYKogibaAI4IEU8uzenoJeEl3k+UEw==";
  claude = archive "@anthropic-ai/claude-code-linux-x64" "2.1.330" "sha512-9Gn+V7DtJ8M1nztP9CeDVl9g3RtrepI7rOFTyPRRnZe8D6zebIHKmC7OvBauucuAP0X0k85SDN/LPVZyjsGezQ==";
  lightningcss-aarch64 = archive "lightningcss-cli-linux-arm64-gnu" "1.33.0" "sha512-DkYmkBix3icAZKZsxGsjBAj59CIV0zflZtsT66lCPd2z3OqBLJlhKRrw4TlAW7mIkYeOEYWKVz/G00ZGXNse4A==";
}
