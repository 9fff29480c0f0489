"use strict";
Staff.show(document.getElementById("staff"), document.getElementById("abc").textContent);
