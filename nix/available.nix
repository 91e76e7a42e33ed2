# Whether nixpkgs can build a package on its platform: one that it cannot throws when it is evaluated, and a flake that
# throws for one platform can be shown and checked on none.
package: (builtins.tryEval (builtins.isString package.drvPath)).success
