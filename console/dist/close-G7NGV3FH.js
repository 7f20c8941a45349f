import{a as o,b as r}from"./chunk-R37SO2GR.js";import"./chunk-7XSJ3TKH.js";import"./chunk-PDQ4PAXY.js";import"./chunk-QV4HBLMH.js";import"./chunk-AZM7LQGE.js";export{r as Choice,o as default};
