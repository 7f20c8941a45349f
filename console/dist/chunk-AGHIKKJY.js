<<<<<<< HEAD:console/dist/chunk-TNDZ65K6.js
<<<<<<< HEAD:console/dist/chunk-7XA3DGUV.js
<<<<<<< HEAD:console/dist/chunk-TDAXK5QY.js
<<<<<<< HEAD:console/dist/chunk-PSQMJOJJ.js
<<<<<<< HEAD:console/dist/chunk-IAWVLNQB.js
<<<<<<< HEAD:console/dist/chunk-4SY6P5XD.js
<<<<<<<< HEAD:console/dist/chunk-ZLDMZOMC.js
import{a as o}from"./chunk-HTTPG3Y7.js";var{w:p,or:e,use:r}=o({en:()=>import("./en-4ZLYMFXK.js"),hu:()=>import("./hu-WPCNVBAI.js"),sl:()=>import("./sl-QJWVG47J.js"),fr:()=>import("./fr-KLAAJHX5.js"),zh:()=>import("./zh-UYTVGISK.js")});export{p as a,e as b,r as c};
========
import{a as o}from"./chunk-YLWRCWKA.js";var{w:p,or:e,use:r}=o({en:()=>import("./en-4ZLYMFXK.js"),hu:()=>import("./hu-WPCNVBAI.js"),sl:()=>import("./sl-QJWVG47J.js"),fr:()=>import("./fr-KLAAJHX5.js"),zh:()=>import("./zh-UYTVGISK.js")});export{p as a,e as b,r as c};
>>>>>>>> c5f5d4a (Show and send files in the console):console/dist/chunk-4SY6P5XD.js
=======
import{a as o}from"./chunk-AX6DHM55.js";var{w:p,or:e,use:r}=o({en:()=>import("./en-4ZLYMFXK.js"),hu:()=>import("./hu-WPCNVBAI.js"),sl:()=>import("./sl-QJWVG47J.js"),fr:()=>import("./fr-KLAAJHX5.js"),zh:()=>import("./zh-UYTVGISK.js")});export{p as a,e as b,r as c};
>>>>>>> 3a894b7 (Load the console's first part as one chunk):console/dist/chunk-IAWVLNQB.js
=======
import{a as o}from"./chunk-FBLWOTYP.js";var{w:p,or:e,use:r}=o({en:()=>import("./en-4ZLYMFXK.js"),hu:()=>import("./hu-WPCNVBAI.js"),sl:()=>import("./sl-QJWVG47J.js"),fr:()=>import("./fr-KLAAJHX5.js"),zh:()=>import("./zh-UYTVGISK.js")});export{p as a,e as b,r as c};
>>>>>>> b589c42 (Put the brief right where it stands):console/dist/chunk-PSQMJOJJ.js
=======
import{a as o}from"./chunk-4DFQLTZA.js";var{w:p,or:e,use:r}=o({en:()=>import("./en-4ZLYMFXK.js"),hu:()=>import("./hu-WPCNVBAI.js"),sl:()=>import("./sl-QJWVG47J.js"),fr:()=>import("./fr-KLAAJHX5.js"),zh:()=>import("./zh-UYTVGISK.js")});export{p as a,e as b,r as c};
>>>>>>> ddf5818 (Let the pencils be seen):console/dist/chunk-TDAXK5QY.js
=======
import{a as o}from"./chunk-HTNLMMX3.js";var{w:p,or:e,use:r}=o({en:()=>import("./en-4ZLYMFXK.js"),hu:()=>import("./hu-WPCNVBAI.js"),sl:()=>import("./sl-QJWVG47J.js"),fr:()=>import("./fr-KLAAJHX5.js"),zh:()=>import("./zh-UYTVGISK.js")});export{p as a,e as b,r as c};
>>>>>>> 3a48afb (Suggest a reply where a model is configured):console/dist/chunk-7XA3DGUV.js
=======
import{a as o}from"./chunk-QXLAGB76.js";var{w:p,or:e,use:r}=o({en:()=>import("./en-4ZLYMFXK.js"),hu:()=>import("./hu-WPCNVBAI.js"),sl:()=>import("./sl-QJWVG47J.js"),fr:()=>import("./fr-KLAAJHX5.js"),zh:()=>import("./zh-UYTVGISK.js")});export{p as a,e as b,r as c};
>>>>>>> 54c7765 (Show what the site signed and what the page said apart):console/dist/chunk-TNDZ65K6.js
=======
import{a as o}from"./chunk-6IIJWPAX.js";var{w:p,or:e,use:r}=o({en:()=>import("./en-4ZLYMFXK.js"),hu:()=>import("./hu-WPCNVBAI.js"),sl:()=>import("./sl-QJWVG47J.js"),fr:()=>import("./fr-KLAAJHX5.js"),zh:()=>import("./zh-UYTVGISK.js")});export{p as a,e as b,r as c};
>>>>>>> 07e6845 (Show a model's wording of the brief beside the facts):console/dist/chunk-AGHIKKJY.js
