// An eye beside a password shows what is typed.
import { words } from "./words.js";

function eye(holder) {
  const input = holder.querySelector("input");
  const button = document.createElement("button");
  const sprite = document.querySelector("svg.icon use")?.getAttribute("href")?.split("#")[0];
  if (!input || !sprite) return;
  button.type = "button";
  button.className = "password-eye";
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  button.append(svg);
  const show = (visible) => {
    input.type = visible ? "text" : "password";
    button.setAttribute("aria-label", words(visible ? "hidePassword" : "showPassword"));
    use.setAttribute("href", `${sprite}#${visible ? "eye-off" : "eye"}`);
  };
  button.addEventListener("click", () => show(input.type === "password"));
  input.form?.addEventListener("submit", () => show(false));
  show(false);
  holder.append(button);
}

for (const holder of document.querySelectorAll("[data-password]")) eye(holder);
