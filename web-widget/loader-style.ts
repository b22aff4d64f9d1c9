/**
 * The launcher's styles, inside its shadow root. In a shadow root !important beats the page's !important, so `:host`
 * starts from nothing and the page's rules end there. Colours repeat tokens.css: a host page loads no file of ours.
 */
export const launcherStyle = `
:host {
  all: initial !important;
  --height: 100%; --top: 0px;
  --brand: #0f6d66; --brand-dark: #0b534e; --paper: #fff; --danger: #b3261e;
}
.launcher {
  all: unset; box-sizing: border-box; position: fixed; z-index: 2147483646;
  right: calc(24px + env(safe-area-inset-right, 0px)); bottom: calc(24px + env(safe-area-inset-bottom, 0px));
  display: inline-flex; align-items: center; gap: 8px; min-height: 56px; padding: 0 22px 0 18px;
  border-radius: 28px; border: 2px solid transparent; background: var(--brand); color: #fff; cursor: pointer;
  font: 600 18px/1 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; letter-spacing: 1px;
  box-shadow: 0 4px 16px rgb(29 39 51 / 28%); -webkit-tap-highlight-color: transparent;
}
.launcher:hover { background: var(--brand-dark); }
.launcher:focus-visible { outline: 3px solid var(--brand); outline-offset: 3px; box-shadow: 0 0 0 3px #fff; }
svg { width: 26px; height: 26px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; }
.badge {
  position: absolute; top: -8px; right: -4px; min-width: 26px; height: 26px; box-sizing: border-box; padding: 0 6px;
  border-radius: 13px; border: 2px solid #fff; background: var(--danger); color: #fff;
  font-size: 14px; line-height: 22px; text-align: center; letter-spacing: 0;
}
.badge:empty { display: none; }
.dialog {
  position: fixed; z-index: 2147483647; visibility: hidden; box-sizing: border-box;
  right: calc(24px + env(safe-area-inset-right, 0px)); bottom: calc(96px + env(safe-area-inset-bottom, 0px));
  width: 400px; height: min(680px, calc(100% - 120px)); max-width: calc(100% - 48px);
  border-radius: 14px; border: 1px solid #c9d2db; background: var(--paper); overflow: hidden;
  box-shadow: 0 8px 28px rgb(29 39 51 / 22%);
}
iframe { display: block; width: 100%; height: 100%; border: 0; color-scheme: normal; }
:host([open]) .dialog { visibility: visible; }
:host([large]) .dialog { width: 520px; height: min(820px, calc(100% - 120px)); }
@media (prefers-reduced-motion: no-preference) {
  .dialog { transform: translateY(8px); transition: transform 150ms ease-out; }
  :host([open]) .dialog { transform: none; }
}
@media (prefers-color-scheme: dark) {
  .dialog { --paper: #1c252e; border-color: #33404d; }
}
@media (max-width: 480px), (max-height: 480px) {
  .dialog, :host([large]) .dialog { inset: var(--top) 0 auto 0; width: 100%; max-width: none; height: var(--height); border: 0; border-radius: 0; }
  .launcher { right: calc(16px + env(safe-area-inset-right, 0px)); bottom: calc(16px + env(safe-area-inset-bottom, 0px)); }
  :host([open]) .launcher { visibility: hidden; }
}
@media (forced-colors: active) {
  .launcher, .dialog { border: 2px solid ButtonText; }
}
@media print { .launcher, .dialog { display: none; } }
`
