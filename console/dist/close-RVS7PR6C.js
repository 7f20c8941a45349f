import{a as o,b as r}from"./chunk-BPC3G67H.js";import"./chunk-MTRQACW5.js";import"./chunk-NTV2PMSE.js";import"./chunk-YQL5RCTA.js";import"./chunk-Z3QRJCCV.js";export{r as Choice,o as default};
