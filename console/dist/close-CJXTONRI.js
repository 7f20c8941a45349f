import{a as o,b as r}from"./chunk-L74DBEHK.js";import"./chunk-7PTA4X5O.js";import"./chunk-H5J4AH7V.js";import"./chunk-GH4ESXJW.js";import"./chunk-DXZALNNB.js";export{r as Choice,o as default};
