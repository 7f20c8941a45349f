import{a as o,b as r}from"./chunk-RVNXF5PH.js";import"./chunk-727LFHR7.js";import"./chunk-XALMWKKR.js";import"./chunk-X6B5ZQMK.js";import"./chunk-E7HTL6OM.js";export{r as Choice,o as default};
