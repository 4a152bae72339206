import "./css/index.css";
import "htmx.org";

import { forgetRefusal, tellUnreachable } from "./answers";
import "./islands/copy-text";
import "./islands/desk-scanner";
import "./islands/passkey-form";
import "./islands/relative-time";
import "./islands/row-keys";
import "./islands/search-command";
import "./islands/theme-switch";
import "./islands/undo-toast";
import "./islands/zone-guess";

document.addEventListener("htmx:before:request", forgetRefusal);
document.addEventListener("htmx:error", tellUnreachable);
