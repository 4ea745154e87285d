(() => {
  // The plainest useful look at a page: every interactive element with its box and its text; nothing is remembered.
  const INTERACTIVE = 'a[href],button,input,select,textarea,summary,[role=button],[role=link],[role=checkbox],' +
    '[role=radio],[role=tab],[role=menuitem],[role=option],[role=combobox],[contenteditable=true],[onclick],[tabindex]';
  const found = [];
  for (const element of document.querySelectorAll(INTERACTIVE)) {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.height === 0 || !element.checkVisibility({visibilityProperty: true})) continue;
    found.push({
      tag: element.localName,
      role: element.getAttribute('role') || '',
      text: (element.getAttribute('aria-label') || element.textContent || element.placeholder || '').trim().slice(0, 120),
      value: element.value ?? null,
      box: [box.x, box.y, box.width, box.height],
    });
  }
  return JSON.stringify(found);
})()
