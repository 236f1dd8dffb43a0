// What every page does.
import "./overlays.js";
import "./theme.js";
import "./keys.js";
import "./copy.js";
import "./locally.js";
import "./toast.js";
import "./time.js";

// Few pages ask for a password; the others need not load what shows it.
if (document.querySelector("[data-password]")) import("./password.js");
