import { showEditor } from './editor_page.js';
import { documentInAddress } from './place.js';
import { showStart } from './start_page.js';

const name = documentInAddress(location.pathname);
if (name === null) showStart(document.body);
else showEditor(document.body, name);
