import{a as o,b as r}from"./chunk-OWJYCMNW.js";import"./chunk-R2OD7O5Q.js";import"./chunk-37C35DGN.js";import"./chunk-HZLENFLQ.js";import"./chunk-MZKKMNN4.js";export{r as Choice,o as default};
