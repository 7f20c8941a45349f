import{a as o,b as r}from"./chunk-2DKSIQAL.js";import"./chunk-RXL5DSK4.js";import"./chunk-R6TB2ON4.js";import"./chunk-552OQSRB.js";import"./chunk-PW456K4O.js";export{r as Choice,o as default};
