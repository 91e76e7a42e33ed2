# Whether nixpkgs has a package (null: it has none of that name) and can build it on its platform. One that it cannot
# throws when it is evaluated, and a flake that throws for one platform can be shown and checked on none.
package: (builtins.tryEval (package != null && builtins.isString package.drvPath)).value
