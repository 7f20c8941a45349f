import{a as o,b as r}from"./chunk-WNS3K7VW.js";import"./chunk-LZHNDUZM.js";import"./chunk-4Y22CYOB.js";import"./chunk-6IIJWPAX.js";import"./chunk-UXQN3QWY.js";export{r as Choice,o as default};
