import{a as o,b as r}from"./chunk-3Q5AO472.js";import"./chunk-TFC3NIPW.js";import"./chunk-JHPWXYQ2.js";import"./chunk-ARARMLLV.js";import"./chunk-SXJTBYZX.js";export{r as Choice,o as default};
