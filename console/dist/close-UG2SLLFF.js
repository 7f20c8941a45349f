import{a as o,b as r}from"./chunk-THZJS2D2.js";import"./chunk-7WUONZ34.js";import"./chunk-CKXA3JUK.js";import"./chunk-I7OGAMW4.js";import"./chunk-YYM23QMW.js";export{r as Choice,o as default};
