let numbers = [1, 2, 3];
let sum = List.fold_left((a, b) => a + b, 0, numbers);
Js.log(sum * 7);
