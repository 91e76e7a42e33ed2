const numbers = [...Array(20).keys()].map((n) => n * n).filter((n) => n % 3 === 1);
console.log(JSON.stringify({ numbers, sum: numbers.reduce((a, b) => a + b, 0) }));
console.log(new Intl.NumberFormat("en").format(1234567.891), /(?<=a)b/u.test("ab"));

const text = new TextEncoder().encode("wrap-buddy".repeat(1000));
crypto.subtle.digest("SHA-256", text).then((hash) => {
  console.log([...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
});
