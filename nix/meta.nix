# What the packages say of themselves, beside their description.
{ lib, source }:
rec {
  # OWNER: whose repository this is.
  homepage = "https://github.com/OWNER/wrap-buddy";
  changelog = "${homepage}/releases/tag/v${source.version}";
  license = lib.licenses.mit;
  maintainers = [ ]; # with lib.maintainers
  platforms = lib.platforms.linux ++ lib.platforms.darwin;
  sourceProvenance = [ lib.sourceTypes.fromSource ];
}
