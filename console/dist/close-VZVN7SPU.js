import{a as o,b as r}from"./chunk-RFAZXOJX.js";import"./chunk-3UVZNJYP.js";import"./chunk-KNQ3UZ23.js";import"./chunk-RBPAQU3E.js";import"./chunk-QSTZFHJ3.js";export{r as Choice,o as default};
