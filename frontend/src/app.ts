import "./css/index.css";
import "htmx.org";

import "./islands/desk-scanner";
import "./islands/relative-time";
import "./islands/row-keys";
import "./islands/search-command";
import "./islands/theme-switch";
import "./islands/undo-toast";
import { tellUnreachable } from "./unreachable";

document.addEventListener("htmx:error", tellUnreachable);
