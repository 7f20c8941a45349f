import{a as o,b as r}from"./chunk-H25LN2UN.js";import"./chunk-IUSVG3B3.js";import"./chunk-6OSRJXRG.js";import"./chunk-ABBL2ISP.js";import"./chunk-XDU2Q3UJ.js";export{r as Choice,o as default};
