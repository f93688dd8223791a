// The pages that come with the demo: the repository's seeds.

export const EXAMPLES = [
  ["An aggregator: 170 lines of furniture", "003_a94e7e24bf7a8bcd"],
  ["A security visit: captions and widgets", "000_743249345a2bc3f8"],
  ["A newsletter site: sign-up forms", "001_4a3d20ddadf24aee"],
  ["A local paper: site name and standfirst", "004_dde206bdf90973aa"],
  ["A clean page: nothing to remove", "002_2697c384f7114541"],
].map(([title, name]) => ({ title, address: new URL(`../../seeds/${name}.txt`, import.meta.url) }));
