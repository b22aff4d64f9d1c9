/** Starts the console in the page. */
import { createApp } from 'vue'
import './element.css'
import './tokens.css'
import './base.css'
import App from './app.vue'
import { router } from './router.ts'

createApp(App).use(router).mount('#app')
