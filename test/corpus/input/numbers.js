console.log(
  [1, 2, 3].map((n) => n * 7),
  new Date(0).toISOString(),
  /(?<=a)b/u.test("ab"),
);
