import{a as o,b as r}from"./chunk-E3G4YLW6.js";import"./chunk-IEK2VP43.js";import"./chunk-5Y4NP7HJ.js";import"./chunk-KKWBMZAB.js";import"./chunk-NQI44H5X.js";export{r as Choice,o as default};
