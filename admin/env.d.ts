/** Tells tools that do not read .vue files (ESLint's type service) what such an import is. */
declare module '*.vue' {
  import type { DefineComponent } from 'vue'
  const component: DefineComponent
  export default component
}
