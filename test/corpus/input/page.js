// For PhantomJS, which knows the JavaScript of 2009.
var page = require("webpage").create();

function finish(status) {
  page.render("page.png");
  page.render("page.pdf");
  console.log(status);
  console.log(page.plainText);
  phantom.exit();
}

page.viewportSize = { width: 300, height: 200 };
page.open("file:///input/page.html", finish);
