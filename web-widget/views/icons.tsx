/** Line icons, always beside a word or under a label, so hidden from screen readers. */
const paths = {
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7.5 8a7.5 7.5 0 0 1 15 0',
  more: 'M5 11.6v.8M12 11.6v.8M19 11.6v.8',
  close: 'm6 9 6 6 6-6',
  send: 'M12 19V5m-6 6 6-6 6 6',
  back: 'm14 6-6 6 6 6',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  cross: 'm6.5 6.5 11 11m0-11-11 11',
  book: 'M5 4.5h10a4 4 0 0 1 4 4v11H9a4 4 0 0 1-4-4zm0 11a4 4 0 0 1 4-4h10',
  clock: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 7.5V12l3 2',
  warning: 'M12 4 3 19.5h18zM12 10v4.5m0 2.5h.01',
  down: 'M12 5v14m-6-6 6 6 6-6',
  phone:
    'M6 3.5h3.5l1.5 4-2 1.5a11 11 0 0 0 6 6l1.5-2 4 1.5V18a2.5 2.5 0 0 1-2.5 2.5A14.5 14.5 0 0 1 3.5 6 2.5 2.5 0 0 1 6 3.5Z',
  flag: 'M5.5 20.5v-16h12l-2.5 4 2.5 4h-12',
  chat: 'M5 5.5h14v10h-8l-4 3.5v-3.5H5zM9 10.5h.01m2.99 0h.01m2.99 0h.01',
  clip: 'm19 11.5-7.4 7.4a4.6 4.6 0 0 1-6.5-6.5l7.7-7.7a3 3 0 0 1 4.3 4.3l-7.5 7.5a1.5 1.5 0 0 1-2.2-2.1l6.6-6.6',
  picture: 'M4 5.5h16v13H4zm0 10 4.5-4.5 4 4 2.5-2.5 5 5M15.5 9.5h.01',
  trash: 'M4.5 6.5h15m-9.5 0v-2h4v2m-7.5 0 1 13h9l1-13M10.5 10.5v5m3-5v5',
  star: 'm12 4 2.4 5 5.6.7-4.1 3.8 1.1 5.5-5-2.8L7 19l1.1-5.5L4 9.7 9.6 9z',
  save: 'M12 4v11m-5-5 5 5 5-5M5 19.5h14',
  door: 'M14 4.5H6v15h8M10.5 12H20m-3-3 3 3-3 3',
} as const

export function Icon({ of }: { of: keyof typeof paths }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[of]} />
    </svg>
  )
}
