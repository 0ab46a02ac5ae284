// Draws each chart of the page's JSON into the element that waits for it. Vega's interpreter is used (ast), so that
// the page's policy need not allow eval; colours are CSS variables, so that light, dark and print need no new drawing.
(function () {
  "use strict";
  var charts = JSON.parse(document.getElementById("chart-data").textContent);
  var refuse = { load: function () { return Promise.reject(new Error("offline")); },
                 sanitize: function () { return Promise.reject(new Error("offline")); } };
  Object.keys(charts).forEach(function (key) {
    var place = document.getElementById("chart-" + key);
    if (!place) { return; }
    vegaEmbed(place, charts[key], { actions: false, ast: true, renderer: "svg", mode: "vega-lite",
                                    defaultStyle: false, loader: refuse, tooltip: { theme: "custom" } })
      .then(function () { place.setAttribute("data-drawn", "yes"); })
      .catch(function (error) {
        place.setAttribute("data-drawn", "no");
        place.textContent = "This picture could not be drawn; its figures stand in the table below.";
        console.error(key, error);
      });
  });
})();
