/** React's own script is run by itself before the app's, which is another task for the browser: asked for by name here, it is not put off until then. */
export { hydrateRoot } from 'react-dom/client'
