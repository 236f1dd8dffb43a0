// What every page does.
import "./dialog.js";
import "./menu.js";
import "./theme.js";
import "./keys.js";
import "./copy.js";
import "./password.js";
import "./logout.js";
import "./toast.js";
import "./time.js";
