// A page by structure: groups of records, labelled values, text, and the way to the next page.

api.extract = ({ floor, chars }) => {
  numberFrom(floor);
  regions.of = new Map();
  headings.clear();
  return { title: document.title, groups: [], pairs: [], texts: texts(chars), next: null, last: lastNumber };
};
