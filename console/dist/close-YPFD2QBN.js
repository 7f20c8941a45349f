import{a as o,b as r}from"./chunk-Z5WHHESO.js";import"./chunk-NT3DAIG3.js";import"./chunk-X5D5TMQ7.js";import"./chunk-W6CWYNWI.js";import"./chunk-CPRDC4MU.js";export{r as Choice,o as default};
