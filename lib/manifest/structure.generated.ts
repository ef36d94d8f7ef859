// @ts-nocheck
/* eslint-disable */
// Made by tools/build-manifest-validator.ts from manifest.schema.json and settings.schema.json. Do not edit.
"use strict";
export const checkManifest = validate21;
const schema6 = {"$id":"manifest","title":"an object","type":"object","required":["tables"],"additionalProperties":false,"properties":{"$schema":{"type":"string"},"dialect":{"type":"string","enum":["postgresql","mysql","mariadb","sqlite","bigquery"]},"tombstone":{"title":"a column or an object such as { \"column\": \"deleted_at\" }","$ref":"#/definitions/tombstone"},"tables":{"type":"object","title":"an object such as { \"users\": \"soft\", \"sessions\": \"hard\" }","minProperties":1,"additionalProperties":{"title":"\"soft\", \"hard\" or an object","anyOf":[{"type":"string","enum":["soft","hard"]},{"title":"an object","$ref":"#/definitions/table"}]}},"views":{"type":"object","title":"an object such as { \"active_users\": \"live\" }","additionalProperties":{"type":"string","enum":["live","all"]}},"versions":{"type":"object","title":"an object such as { \"typeorm\": \"0.2\" }","propertyNames":{"enum":["typeorm","sequelize","mikro-orm"]},"additionalProperties":{"type":"string","title":"a version such as 0.2 or 1","pattern":"^[0-9]+(\\.[0-9]+)*$"}},"guards":{"type":"array","title":"a list of guards","items":{"title":"an object such as { \"kind\": \"predicate\", \"name\": \"notDeleted\" }","$ref":"#/definitions/guard"}},"reads":{"type":"object","title":"an object such as { \"src/admin/trash/**\": \"all\" }","additionalProperties":{"type":"string","enum":["all","once","live"]}}},"definitions":{"table":{"type":"object","title":"an object","required":["deletion"],"additionalProperties":false,"properties":{"deletion":{"type":"string","enum":["soft","hard"]},"why":{"title":"a text","$ref":"#/definitions/text"},"tombstone":{"title":"a column, an object such as { \"column\": \"deleted_at\" }, or a list of these","anyOf":[{"title":"the name of a column","$ref":"#/definitions/column"},{"title":"an object","$ref":"#/definitions/tombstoneColumn"},{"type":"array","title":"a list of tombstones","minItems":1,"items":{"title":"a column or an object such as { \"column\": \"deleted_at\" }","$ref":"#/definitions/tombstone"}}]},"key":{"title":"a column or a list of columns","anyOf":[{"title":"the name of a column","$ref":"#/definitions/column"},{"title":"a list of columns","$ref":"#/definitions/columns"}]},"unique":{"type":"array","title":"a list of keys, each a list of columns","items":{"title":"a list of columns","$ref":"#/definitions/columns"}},"models":{"type":"array","title":"a list of names","items":{"title":"a name","$ref":"#/definitions/name"}},"columns":{"type":"object","title":"an object such as { \"removedAt\": \"deleted_at\" }","additionalProperties":{"title":"the name of a column","$ref":"#/definitions/column"}},"relations":{"type":"object","title":"an object such as { \"posts\": { \"table\": \"posts\", \"many\": true } }","additionalProperties":{"title":"an object such as { \"table\": \"posts\", \"many\": true }","$ref":"#/definitions/relation"}},"autoFilter":{"title":"true, false or a list of libraries","anyOf":[{"type":"boolean"},{"type":"array","title":"a list of libraries","items":{"title":"the name of a library","$ref":"#/definitions/library"}}]},"attribution":{"type":"boolean"},"cascadesTo":{"type":"array","title":"a list of tables","items":{"title":"the name of a table","$ref":"#/definitions/tableName"}},"retention":{"title":"a duration such as \"30 days\", \"1 year 6 months\" or \"P30D\"","$ref":"#/definitions/duration"},"purge":{"title":"the path of a file","$ref":"#/definitions/path"},"audit":{"title":"the name of a table","$ref":"#/definitions/tableName"},"regulated":{"type":"boolean"},"overwrites":{"title":"a list of columns","$ref":"#/definitions/columns"}}},"text":{"type":"string","pattern":"\\S","title":"a text"},"texts":{"type":"array","title":"a list of texts","minItems":1,"items":{"title":"a text","$ref":"#/definitions/text"}},"name":{"type":"string","pattern":"\\S","title":"a name"},"path":{"type":"string","pattern":"\\S","title":"the path of a file"},"library":{"type":"string","pattern":"\\S","title":"the name of a library"},"tableName":{"type":"string","pattern":"\\S","title":"the name of a table"},"yields":{"type":"string","enum":["live","dead"]},"tableArg":{"type":"integer","minimum":0,"title":"the position of an argument, counted from 0"},"column":{"type":"string","pattern":"\\S","title":"the name of a column"},"columns":{"type":"array","title":"a list of columns","minItems":1,"items":{"title":"the name of a column","$ref":"#/definitions/column"}},"tombstone":{"title":"a column or an object such as { \"column\": \"deleted_at\" }","anyOf":[{"title":"the name of a column","$ref":"#/definitions/column"},{"title":"an object","$ref":"#/definitions/tombstoneColumn"}]},"tombstoneColumn":{"type":"object","title":"an object","required":["column"],"additionalProperties":false,"properties":{"column":{"title":"the name of a column","$ref":"#/definitions/column"},"live":{"title":"null, false, 0 or a text","anyOf":[{"type":"null"},{"type":"boolean","enum":[false],"title":"null, false, 0 or a text"},{"type":"number","enum":[0],"title":"null, false, 0 or a text"},{"type":"string"}]},"dead":{"title":"a text, a number, true, false or a list of these","anyOf":[{"title":"a text, a number, true or false","$ref":"#/definitions/deadValue"},{"type":"array","title":"a list of values","minItems":1,"items":{"title":"a text, a number, true or false","$ref":"#/definitions/deadValue"}}]},"scheduled":{"type":"boolean"}}},"deadValue":{"type":["string","number","boolean"],"title":"a text, a number, true or false"},"duration":{"type":"string","title":"a duration such as \"30 days\", \"1 year 6 months\" or \"P30D\"","pattern":"^(?:\\d{1,6}\\s(?:second|minute|hour|day|week|month|year)s?(?:\\s\\d{1,6}\\s(?:second|minute|hour|day|week|month|year)s?)*|P(?=\\d|T\\d)(?:\\d{1,6}Y)?(?:\\d{1,6}M)?(?:\\d{1,6}W)?(?:\\d{1,6}D)?(?:T(?=\\d)(?:\\d{1,6}H)?(?:\\d{1,6}M)?(?:\\d{1,6}S)?)?)$"},"relation":{"type":"object","title":"an object such as { \"table\": \"posts\", \"many\": true }","required":["table"],"additionalProperties":false,"properties":{"table":{"title":"the name of a table","$ref":"#/definitions/tableName"},"many":{"type":"boolean"},"optional":{"type":"boolean"},"on":{"type":"object","title":"an object such as { \"author_id\": \"id\" }","minProperties":1,"additionalProperties":{"title":"the name of a column","$ref":"#/definitions/column"}},"through":{"title":"the name of a table","$ref":"#/definitions/tableName"},"live":{"type":"boolean"},"as":{"title":"a name","$ref":"#/definitions/name"}}},"clientCoverage":{"type":"object","title":"an object","additionalProperties":false,"properties":{"reads":{"title":"a list of texts","$ref":"#/definitions/texts"},"writes":{"title":"a list of texts","$ref":"#/definitions/texts"},"nested":{"type":"boolean"},"counts":{"type":"boolean"},"raw":{"type":"boolean"}}},"anyGuard":{"title":"an object","required":["name"],"properties":{"name":{"title":"a name","$ref":"#/definitions/name"},"from":{"title":"a text","$ref":"#/definitions/text"},"library":{"title":"the name of a library","$ref":"#/definitions/library"}}},"guard":{"type":"object","title":"an object such as { \"kind\": \"predicate\", \"name\": \"notDeleted\" }","required":["kind"],"discriminator":{"propertyName":"kind"},"oneOf":[{"allOf":[{"title":"an object","$ref":"#/definitions/anyGuard"}],"additionalProperties":false,"properties":{"kind":{"const":"predicate"},"name":true,"from":true,"library":true,"table":{"title":"a text","$ref":"#/definitions/text"},"tableArg":{"title":"the position of an argument, counted from 0","$ref":"#/definitions/tableArg"},"yields":{"$ref":"#/definitions/yields"}}},{"allOf":[{"title":"an object","$ref":"#/definitions/anyGuard"}],"additionalProperties":false,"properties":{"kind":{"const":"where-object"},"name":true,"from":true,"library":true,"table":{"title":"a text","$ref":"#/definitions/text"},"yields":{"$ref":"#/definitions/yields"}}},{"allOf":[{"title":"an object","$ref":"#/definitions/anyGuard"}],"additionalProperties":false,"properties":{"kind":{"const":"where-wrapper"},"name":true,"from":true,"library":true,"table":{"title":"a text","$ref":"#/definitions/text"},"yields":{"$ref":"#/definitions/yields"}}},{"allOf":[{"title":"an object","$ref":"#/definitions/anyGuard"}],"additionalProperties":false,"properties":{"kind":{"const":"chain"},"name":true,"from":true,"library":true,"table":{"title":"a text","$ref":"#/definitions/text"},"tableArg":{"title":"the position of an argument, counted from 0","$ref":"#/definitions/tableArg"},"yields":{"$ref":"#/definitions/yields"}}},{"allOf":[{"title":"an object","$ref":"#/definitions/anyGuard"}],"additionalProperties":false,"properties":{"kind":{"const":"modifier"},"name":true,"from":true,"library":true,"table":{"title":"a text","$ref":"#/definitions/text"},"yields":{"$ref":"#/definitions/yields"}}},{"allOf":[{"title":"an object","$ref":"#/definitions/anyGuard"}],"additionalProperties":false,"properties":{"kind":{"const":"join-callback"},"name":true,"from":true,"library":true,"table":{"title":"a text","$ref":"#/definitions/text"},"yields":{"$ref":"#/definitions/yields"}}},{"allOf":[{"title":"an object","$ref":"#/definitions/anyGuard"}],"additionalProperties":false,"properties":{"kind":{"const":"scope"},"name":true,"from":true,"library":true,"model":{"title":"a text","$ref":"#/definitions/text"},"yields":{"$ref":"#/definitions/yields"}}},{"allOf":[{"title":"an object","$ref":"#/definitions/anyGuard"}],"additionalProperties":false,"properties":{"kind":{"const":"orm-filter"},"name":true,"from":true,"library":true,"tables":{"title":"a list of texts","$ref":"#/definitions/texts"},"bypass":{"title":"a list of texts","$ref":"#/definitions/texts"}}},{"allOf":[{"title":"an object","$ref":"#/definitions/anyGuard"}],"additionalProperties":false,"properties":{"kind":{"const":"client"},"name":true,"from":true,"library":true,"coverage":{"title":"\"root\", \"nested\" or an object","anyOf":[{"type":"string","enum":["root","nested"]},{"title":"an object","$ref":"#/definitions/clientCoverage"}]},"tables":{"title":"a list of texts","$ref":"#/definitions/texts"},"bypass":{"title":"a text","$ref":"#/definitions/text"}}},{"allOf":[{"title":"an object","$ref":"#/definitions/anyGuard"}],"additionalProperties":false,"properties":{"kind":{"const":"query-source"},"name":true,"from":true,"library":true,"table":{"title":"a text","$ref":"#/definitions/text"},"tableArg":{"title":"the position of an argument, counted from 0","$ref":"#/definitions/tableArg"},"yields":{"type":"string","enum":["live","dead","all"]}}},{"allOf":[{"title":"an object","$ref":"#/definitions/anyGuard"}],"additionalProperties":false,"properties":{"kind":{"const":"relation"},"name":true,"from":true,"library":true,"model":{"title":"a text","$ref":"#/definitions/text"},"yields":{"$ref":"#/definitions/yields"}}},{"allOf":[{"title":"an object","$ref":"#/definitions/anyGuard"}],"additionalProperties":false,"properties":{"kind":{"const":"assert"},"name":true,"from":true,"library":true}},{"allOf":[{"title":"an object","$ref":"#/definitions/anyGuard"}],"additionalProperties":false,"properties":{"kind":{"const":"soft-delete-fn"},"name":true,"from":true,"library":true,"table":{"title":"a text","$ref":"#/definitions/text"},"tableArg":{"title":"the position of an argument, counted from 0","$ref":"#/definitions/tableArg"}}},{"allOf":[{"title":"an object","$ref":"#/definitions/anyGuard"}],"additionalProperties":false,"properties":{"kind":{"const":"bypass"},"name":true,"from":true,"library":true,"reason":{"type":"boolean"}}}]}}};
const schema7 = {"title":"a column or an object such as { \"column\": \"deleted_at\" }","anyOf":[{"title":"the name of a column","$ref":"#/definitions/column"},{"title":"an object","$ref":"#/definitions/tombstoneColumn"}]};
const schema8 = {"type":"string","pattern":"\\S","title":"the name of a column"};
const pattern0 = new RegExp("\\S", "u");

function validate23(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(!pattern0.test(data)){
const err0 = {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "\\S"},schema:"\\S",parentSchema:schema8,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
else {
const err1 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"},schema:schema8.type,parentSchema:schema8,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
validate23.errors = vErrors;
return errors === 0;
}

const schema9 = {"type":"object","title":"an object","required":["column"],"additionalProperties":false,"properties":{"column":{"title":"the name of a column","$ref":"#/definitions/column"},"live":{"title":"null, false, 0 or a text","anyOf":[{"type":"null"},{"type":"boolean","enum":[false],"title":"null, false, 0 or a text"},{"type":"number","enum":[0],"title":"null, false, 0 or a text"},{"type":"string"}]},"dead":{"title":"a text, a number, true, false or a list of these","anyOf":[{"title":"a text, a number, true or false","$ref":"#/definitions/deadValue"},{"type":"array","title":"a list of values","minItems":1,"items":{"title":"a text, a number, true or false","$ref":"#/definitions/deadValue"}}]},"scheduled":{"type":"boolean"}}};
const schema10 = {"type":["string","number","boolean"],"title":"a text, a number, true or false"};

function validate27(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(((typeof data !== "string") && (!((typeof data == "number") && (isFinite(data))))) && (typeof data !== "boolean")){
const err0 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: schema10.type},schema:schema10.type,parentSchema:schema10,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
validate27.errors = vErrors;
return errors === 0;
}


function validate25(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.column === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "column"},schema:schema9.required,parentSchema:schema9,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!((((key0 === "column") || (key0 === "live")) || (key0 === "dead")) || (key0 === "scheduled"))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema9,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.column !== undefined){
if(!(validate23(data.column, {instancePath:instancePath+"/column",parentData:data,parentDataProperty:"column",rootData}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
}
if(data.live !== undefined){
let data1 = data.live;
const _errs4 = errors;
let valid1 = false;
const _errs5 = errors;
if(data1 !== null){
const err2 = {instancePath:instancePath+"/live",schemaPath:"#/properties/live/anyOf/0/type",keyword:"type",params:{type: "null"},schema:schema9.properties.live.anyOf[0].type,parentSchema:schema9.properties.live.anyOf[0],data:data1};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
var _valid0 = _errs5 === errors;
valid1 = valid1 || _valid0;
if(!valid1){
const _errs7 = errors;
if(typeof data1 !== "boolean"){
const err3 = {instancePath:instancePath+"/live",schemaPath:"#/properties/live/anyOf/1/type",keyword:"type",params:{type: "boolean"},schema:schema9.properties.live.anyOf[1].type,parentSchema:schema9.properties.live.anyOf[1],data:data1};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(!(data1 === false)){
const err4 = {instancePath:instancePath+"/live",schemaPath:"#/properties/live/anyOf/1/enum",keyword:"enum",params:{allowedValues: schema9.properties.live.anyOf[1].enum},schema:schema9.properties.live.anyOf[1].enum,parentSchema:schema9.properties.live.anyOf[1],data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
var _valid0 = _errs7 === errors;
valid1 = valid1 || _valid0;
if(!valid1){
const _errs9 = errors;
if(!((typeof data1 == "number") && (isFinite(data1)))){
const err5 = {instancePath:instancePath+"/live",schemaPath:"#/properties/live/anyOf/2/type",keyword:"type",params:{type: "number"},schema:schema9.properties.live.anyOf[2].type,parentSchema:schema9.properties.live.anyOf[2],data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(!(data1 === 0)){
const err6 = {instancePath:instancePath+"/live",schemaPath:"#/properties/live/anyOf/2/enum",keyword:"enum",params:{allowedValues: schema9.properties.live.anyOf[2].enum},schema:schema9.properties.live.anyOf[2].enum,parentSchema:schema9.properties.live.anyOf[2],data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
var _valid0 = _errs9 === errors;
valid1 = valid1 || _valid0;
if(!valid1){
const _errs11 = errors;
if(typeof data1 !== "string"){
const err7 = {instancePath:instancePath+"/live",schemaPath:"#/properties/live/anyOf/3/type",keyword:"type",params:{type: "string"},schema:schema9.properties.live.anyOf[3].type,parentSchema:schema9.properties.live.anyOf[3],data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
var _valid0 = _errs11 === errors;
valid1 = valid1 || _valid0;
}
}
}
if(!valid1){
const err8 = {instancePath:instancePath+"/live",schemaPath:"#/properties/live/anyOf",keyword:"anyOf",params:{},schema:schema9.properties.live.anyOf,parentSchema:schema9.properties.live,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
else {
errors = _errs4;
if(vErrors !== null){
if(_errs4){
vErrors.length = _errs4;
}
else {
vErrors = null;
}
}
}
}
if(data.dead !== undefined){
let data2 = data.dead;
const _errs14 = errors;
let valid2 = false;
const _errs15 = errors;
if(!(validate27(data2, {instancePath:instancePath+"/dead",parentData:data,parentDataProperty:"dead",rootData}))){
vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
errors = vErrors.length;
}
var _valid1 = _errs15 === errors;
valid2 = valid2 || _valid1;
if(!valid2){
const _errs16 = errors;
if(Array.isArray(data2)){
if(data2.length < 1){
const err9 = {instancePath:instancePath+"/dead",schemaPath:"#/properties/dead/anyOf/1/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema9.properties.dead.anyOf[1],data:data2};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(!(validate27(data2[i0], {instancePath:instancePath+"/dead/" + i0,parentData:data2,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate27.errors : vErrors.concat(validate27.errors);
errors = vErrors.length;
}
}
}
else {
const err10 = {instancePath:instancePath+"/dead",schemaPath:"#/properties/dead/anyOf/1/type",keyword:"type",params:{type: "array"},schema:schema9.properties.dead.anyOf[1].type,parentSchema:schema9.properties.dead.anyOf[1],data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
var _valid1 = _errs16 === errors;
valid2 = valid2 || _valid1;
}
if(!valid2){
const err11 = {instancePath:instancePath+"/dead",schemaPath:"#/properties/dead/anyOf",keyword:"anyOf",params:{},schema:schema9.properties.dead.anyOf,parentSchema:schema9.properties.dead,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
else {
errors = _errs14;
if(vErrors !== null){
if(_errs14){
vErrors.length = _errs14;
}
else {
vErrors = null;
}
}
}
}
if(data.scheduled !== undefined){
let data4 = data.scheduled;
if(typeof data4 !== "boolean"){
const err12 = {instancePath:instancePath+"/scheduled",schemaPath:"#/properties/scheduled/type",keyword:"type",params:{type: "boolean"},schema:schema9.properties.scheduled.type,parentSchema:schema9.properties.scheduled,data:data4};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
}
else {
const err13 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema9.type,parentSchema:schema9,data};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
validate25.errors = vErrors;
return errors === 0;
}


function validate22(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
let valid0 = false;
const _errs1 = errors;
if(!(validate23(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
var _valid0 = _errs1 === errors;
valid0 = valid0 || _valid0;
if(!valid0){
const _errs2 = errors;
if(!(validate25(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate25.errors : vErrors.concat(validate25.errors);
errors = vErrors.length;
}
var _valid0 = _errs2 === errors;
valid0 = valid0 || _valid0;
}
if(!valid0){
const err0 = {instancePath,schemaPath:"#/anyOf",keyword:"anyOf",params:{},schema:schema7.anyOf,parentSchema:schema7,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate22.errors = vErrors;
return errors === 0;
}

const schema11 = {"type":"object","title":"an object","required":["deletion"],"additionalProperties":false,"properties":{"deletion":{"type":"string","enum":["soft","hard"]},"why":{"title":"a text","$ref":"#/definitions/text"},"tombstone":{"title":"a column, an object such as { \"column\": \"deleted_at\" }, or a list of these","anyOf":[{"title":"the name of a column","$ref":"#/definitions/column"},{"title":"an object","$ref":"#/definitions/tombstoneColumn"},{"type":"array","title":"a list of tombstones","minItems":1,"items":{"title":"a column or an object such as { \"column\": \"deleted_at\" }","$ref":"#/definitions/tombstone"}}]},"key":{"title":"a column or a list of columns","anyOf":[{"title":"the name of a column","$ref":"#/definitions/column"},{"title":"a list of columns","$ref":"#/definitions/columns"}]},"unique":{"type":"array","title":"a list of keys, each a list of columns","items":{"title":"a list of columns","$ref":"#/definitions/columns"}},"models":{"type":"array","title":"a list of names","items":{"title":"a name","$ref":"#/definitions/name"}},"columns":{"type":"object","title":"an object such as { \"removedAt\": \"deleted_at\" }","additionalProperties":{"title":"the name of a column","$ref":"#/definitions/column"}},"relations":{"type":"object","title":"an object such as { \"posts\": { \"table\": \"posts\", \"many\": true } }","additionalProperties":{"title":"an object such as { \"table\": \"posts\", \"many\": true }","$ref":"#/definitions/relation"}},"autoFilter":{"title":"true, false or a list of libraries","anyOf":[{"type":"boolean"},{"type":"array","title":"a list of libraries","items":{"title":"the name of a library","$ref":"#/definitions/library"}}]},"attribution":{"type":"boolean"},"cascadesTo":{"type":"array","title":"a list of tables","items":{"title":"the name of a table","$ref":"#/definitions/tableName"}},"retention":{"title":"a duration such as \"30 days\", \"1 year 6 months\" or \"P30D\"","$ref":"#/definitions/duration"},"purge":{"title":"the path of a file","$ref":"#/definitions/path"},"audit":{"title":"the name of a table","$ref":"#/definitions/tableName"},"regulated":{"type":"boolean"},"overwrites":{"title":"a list of columns","$ref":"#/definitions/columns"}}};
const func2 = Object.prototype.hasOwnProperty;
const schema12 = {"type":"string","pattern":"\\S","title":"a text"};

function validate33(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(!pattern0.test(data)){
const err0 = {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "\\S"},schema:"\\S",parentSchema:schema12,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
else {
const err1 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"},schema:schema12.type,parentSchema:schema12,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
validate33.errors = vErrors;
return errors === 0;
}

const schema13 = {"type":"array","title":"a list of columns","minItems":1,"items":{"title":"the name of a column","$ref":"#/definitions/column"}};

function validate39(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(Array.isArray(data)){
if(data.length < 1){
const err0 = {instancePath,schemaPath:"#/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema13,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
const len0 = data.length;
for(let i0=0; i0<len0; i0++){
if(!(validate23(data[i0], {instancePath:instancePath+"/" + i0,parentData:data,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
}
}
else {
const err1 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "array"},schema:schema13.type,parentSchema:schema13,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
validate39.errors = vErrors;
return errors === 0;
}

const schema14 = {"type":"string","pattern":"\\S","title":"a name"};

function validate43(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(!pattern0.test(data)){
const err0 = {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "\\S"},schema:"\\S",parentSchema:schema14,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
else {
const err1 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"},schema:schema14.type,parentSchema:schema14,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
validate43.errors = vErrors;
return errors === 0;
}

const schema15 = {"type":"object","title":"an object such as { \"table\": \"posts\", \"many\": true }","required":["table"],"additionalProperties":false,"properties":{"table":{"title":"the name of a table","$ref":"#/definitions/tableName"},"many":{"type":"boolean"},"optional":{"type":"boolean"},"on":{"type":"object","title":"an object such as { \"author_id\": \"id\" }","minProperties":1,"additionalProperties":{"title":"the name of a column","$ref":"#/definitions/column"}},"through":{"title":"the name of a table","$ref":"#/definitions/tableName"},"live":{"type":"boolean"},"as":{"title":"a name","$ref":"#/definitions/name"}}};
const schema16 = {"type":"string","pattern":"\\S","title":"the name of a table"};

function validate47(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(!pattern0.test(data)){
const err0 = {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "\\S"},schema:"\\S",parentSchema:schema16,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
else {
const err1 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"},schema:schema16.type,parentSchema:schema16,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
validate47.errors = vErrors;
return errors === 0;
}


function validate46(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.table === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "table"},schema:schema15.required,parentSchema:schema15,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(((((((key0 === "table") || (key0 === "many")) || (key0 === "optional")) || (key0 === "on")) || (key0 === "through")) || (key0 === "live")) || (key0 === "as"))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema15,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.table !== undefined){
if(!(validate47(data.table, {instancePath:instancePath+"/table",parentData:data,parentDataProperty:"table",rootData}))){
vErrors = vErrors === null ? validate47.errors : vErrors.concat(validate47.errors);
errors = vErrors.length;
}
}
if(data.many !== undefined){
let data1 = data.many;
if(typeof data1 !== "boolean"){
const err2 = {instancePath:instancePath+"/many",schemaPath:"#/properties/many/type",keyword:"type",params:{type: "boolean"},schema:schema15.properties.many.type,parentSchema:schema15.properties.many,data:data1};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.optional !== undefined){
let data2 = data.optional;
if(typeof data2 !== "boolean"){
const err3 = {instancePath:instancePath+"/optional",schemaPath:"#/properties/optional/type",keyword:"type",params:{type: "boolean"},schema:schema15.properties.optional.type,parentSchema:schema15.properties.optional,data:data2};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.on !== undefined){
let data3 = data.on;
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
if(Object.keys(data3).length < 1){
const err4 = {instancePath:instancePath+"/on",schemaPath:"#/properties/on/minProperties",keyword:"minProperties",params:{limit: 1},schema:1,parentSchema:schema15.properties.on,data:data3};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
for(const key1 in data3){
if(!(validate23(data3[key1], {instancePath:instancePath+"/on/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data3,parentDataProperty:key1,rootData}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
}
}
else {
const err5 = {instancePath:instancePath+"/on",schemaPath:"#/properties/on/type",keyword:"type",params:{type: "object"},schema:schema15.properties.on.type,parentSchema:schema15.properties.on,data:data3};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.through !== undefined){
if(!(validate47(data.through, {instancePath:instancePath+"/through",parentData:data,parentDataProperty:"through",rootData}))){
vErrors = vErrors === null ? validate47.errors : vErrors.concat(validate47.errors);
errors = vErrors.length;
}
}
if(data.live !== undefined){
let data6 = data.live;
if(typeof data6 !== "boolean"){
const err6 = {instancePath:instancePath+"/live",schemaPath:"#/properties/live/type",keyword:"type",params:{type: "boolean"},schema:schema15.properties.live.type,parentSchema:schema15.properties.live,data:data6};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.as !== undefined){
if(!(validate43(data.as, {instancePath:instancePath+"/as",parentData:data,parentDataProperty:"as",rootData}))){
vErrors = vErrors === null ? validate43.errors : vErrors.concat(validate43.errors);
errors = vErrors.length;
}
}
}
else {
const err7 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema15.type,parentSchema:schema15,data};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
validate46.errors = vErrors;
return errors === 0;
}

const schema17 = {"type":"string","pattern":"\\S","title":"the name of a library"};

function validate53(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(!pattern0.test(data)){
const err0 = {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "\\S"},schema:"\\S",parentSchema:schema17,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
else {
const err1 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"},schema:schema17.type,parentSchema:schema17,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
validate53.errors = vErrors;
return errors === 0;
}

const schema18 = {"type":"string","title":"a duration such as \"30 days\", \"1 year 6 months\" or \"P30D\"","pattern":"^(?:\\d{1,6}\\s(?:second|minute|hour|day|week|month|year)s?(?:\\s\\d{1,6}\\s(?:second|minute|hour|day|week|month|year)s?)*|P(?=\\d|T\\d)(?:\\d{1,6}Y)?(?:\\d{1,6}M)?(?:\\d{1,6}W)?(?:\\d{1,6}D)?(?:T(?=\\d)(?:\\d{1,6}H)?(?:\\d{1,6}M)?(?:\\d{1,6}S)?)?)$"};
const pattern5 = new RegExp("^(?:\\d{1,6}\\s(?:second|minute|hour|day|week|month|year)s?(?:\\s\\d{1,6}\\s(?:second|minute|hour|day|week|month|year)s?)*|P(?=\\d|T\\d)(?:\\d{1,6}Y)?(?:\\d{1,6}M)?(?:\\d{1,6}W)?(?:\\d{1,6}D)?(?:T(?=\\d)(?:\\d{1,6}H)?(?:\\d{1,6}M)?(?:\\d{1,6}S)?)?)$", "u");

function validate56(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(!pattern5.test(data)){
const err0 = {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "^(?:\\d{1,6}\\s(?:second|minute|hour|day|week|month|year)s?(?:\\s\\d{1,6}\\s(?:second|minute|hour|day|week|month|year)s?)*|P(?=\\d|T\\d)(?:\\d{1,6}Y)?(?:\\d{1,6}M)?(?:\\d{1,6}W)?(?:\\d{1,6}D)?(?:T(?=\\d)(?:\\d{1,6}H)?(?:\\d{1,6}M)?(?:\\d{1,6}S)?)?)$"},schema:"^(?:\\d{1,6}\\s(?:second|minute|hour|day|week|month|year)s?(?:\\s\\d{1,6}\\s(?:second|minute|hour|day|week|month|year)s?)*|P(?=\\d|T\\d)(?:\\d{1,6}Y)?(?:\\d{1,6}M)?(?:\\d{1,6}W)?(?:\\d{1,6}D)?(?:T(?=\\d)(?:\\d{1,6}H)?(?:\\d{1,6}M)?(?:\\d{1,6}S)?)?)$",parentSchema:schema18,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
else {
const err1 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"},schema:schema18.type,parentSchema:schema18,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
validate56.errors = vErrors;
return errors === 0;
}

const schema19 = {"type":"string","pattern":"\\S","title":"the path of a file"};

function validate58(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(!pattern0.test(data)){
const err0 = {instancePath,schemaPath:"#/pattern",keyword:"pattern",params:{pattern: "\\S"},schema:"\\S",parentSchema:schema19,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
else {
const err1 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"},schema:schema19.type,parentSchema:schema19,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
validate58.errors = vErrors;
return errors === 0;
}


function validate32(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.deletion === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "deletion"},schema:schema11.required,parentSchema:schema11,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(func2.call(schema11.properties, key0))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema11,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.deletion !== undefined){
let data0 = data.deletion;
if(typeof data0 !== "string"){
const err2 = {instancePath:instancePath+"/deletion",schemaPath:"#/properties/deletion/type",keyword:"type",params:{type: "string"},schema:schema11.properties.deletion.type,parentSchema:schema11.properties.deletion,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(!((data0 === "soft") || (data0 === "hard"))){
const err3 = {instancePath:instancePath+"/deletion",schemaPath:"#/properties/deletion/enum",keyword:"enum",params:{allowedValues: schema11.properties.deletion.enum},schema:schema11.properties.deletion.enum,parentSchema:schema11.properties.deletion,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.why !== undefined){
if(!(validate33(data.why, {instancePath:instancePath+"/why",parentData:data,parentDataProperty:"why",rootData}))){
vErrors = vErrors === null ? validate33.errors : vErrors.concat(validate33.errors);
errors = vErrors.length;
}
}
if(data.tombstone !== undefined){
let data2 = data.tombstone;
const _errs6 = errors;
let valid1 = false;
const _errs7 = errors;
if(!(validate23(data2, {instancePath:instancePath+"/tombstone",parentData:data,parentDataProperty:"tombstone",rootData}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
var _valid0 = _errs7 === errors;
valid1 = valid1 || _valid0;
if(!valid1){
const _errs8 = errors;
if(!(validate25(data2, {instancePath:instancePath+"/tombstone",parentData:data,parentDataProperty:"tombstone",rootData}))){
vErrors = vErrors === null ? validate25.errors : vErrors.concat(validate25.errors);
errors = vErrors.length;
}
var _valid0 = _errs8 === errors;
valid1 = valid1 || _valid0;
if(!valid1){
const _errs9 = errors;
if(Array.isArray(data2)){
if(data2.length < 1){
const err4 = {instancePath:instancePath+"/tombstone",schemaPath:"#/properties/tombstone/anyOf/2/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema11.properties.tombstone.anyOf[2],data:data2};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(!(validate22(data2[i0], {instancePath:instancePath+"/tombstone/" + i0,parentData:data2,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
}
else {
const err5 = {instancePath:instancePath+"/tombstone",schemaPath:"#/properties/tombstone/anyOf/2/type",keyword:"type",params:{type: "array"},schema:schema11.properties.tombstone.anyOf[2].type,parentSchema:schema11.properties.tombstone.anyOf[2],data:data2};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
var _valid0 = _errs9 === errors;
valid1 = valid1 || _valid0;
}
}
if(!valid1){
const err6 = {instancePath:instancePath+"/tombstone",schemaPath:"#/properties/tombstone/anyOf",keyword:"anyOf",params:{},schema:schema11.properties.tombstone.anyOf,parentSchema:schema11.properties.tombstone,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
else {
errors = _errs6;
if(vErrors !== null){
if(_errs6){
vErrors.length = _errs6;
}
else {
vErrors = null;
}
}
}
}
if(data.key !== undefined){
let data4 = data.key;
const _errs13 = errors;
let valid4 = false;
const _errs14 = errors;
if(!(validate23(data4, {instancePath:instancePath+"/key",parentData:data,parentDataProperty:"key",rootData}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
var _valid1 = _errs14 === errors;
valid4 = valid4 || _valid1;
if(!valid4){
const _errs15 = errors;
if(!(validate39(data4, {instancePath:instancePath+"/key",parentData:data,parentDataProperty:"key",rootData}))){
vErrors = vErrors === null ? validate39.errors : vErrors.concat(validate39.errors);
errors = vErrors.length;
}
var _valid1 = _errs15 === errors;
valid4 = valid4 || _valid1;
}
if(!valid4){
const err7 = {instancePath:instancePath+"/key",schemaPath:"#/properties/key/anyOf",keyword:"anyOf",params:{},schema:schema11.properties.key.anyOf,parentSchema:schema11.properties.key,data:data4};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
else {
errors = _errs13;
if(vErrors !== null){
if(_errs13){
vErrors.length = _errs13;
}
else {
vErrors = null;
}
}
}
}
if(data.unique !== undefined){
let data5 = data.unique;
if(Array.isArray(data5)){
const len1 = data5.length;
for(let i1=0; i1<len1; i1++){
if(!(validate39(data5[i1], {instancePath:instancePath+"/unique/" + i1,parentData:data5,parentDataProperty:i1,rootData}))){
vErrors = vErrors === null ? validate39.errors : vErrors.concat(validate39.errors);
errors = vErrors.length;
}
}
}
else {
const err8 = {instancePath:instancePath+"/unique",schemaPath:"#/properties/unique/type",keyword:"type",params:{type: "array"},schema:schema11.properties.unique.type,parentSchema:schema11.properties.unique,data:data5};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.models !== undefined){
let data7 = data.models;
if(Array.isArray(data7)){
const len2 = data7.length;
for(let i2=0; i2<len2; i2++){
if(!(validate43(data7[i2], {instancePath:instancePath+"/models/" + i2,parentData:data7,parentDataProperty:i2,rootData}))){
vErrors = vErrors === null ? validate43.errors : vErrors.concat(validate43.errors);
errors = vErrors.length;
}
}
}
else {
const err9 = {instancePath:instancePath+"/models",schemaPath:"#/properties/models/type",keyword:"type",params:{type: "array"},schema:schema11.properties.models.type,parentSchema:schema11.properties.models,data:data7};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.columns !== undefined){
let data9 = data.columns;
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
for(const key1 in data9){
if(!(validate23(data9[key1], {instancePath:instancePath+"/columns/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data9,parentDataProperty:key1,rootData}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
}
}
else {
const err10 = {instancePath:instancePath+"/columns",schemaPath:"#/properties/columns/type",keyword:"type",params:{type: "object"},schema:schema11.properties.columns.type,parentSchema:schema11.properties.columns,data:data9};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.relations !== undefined){
let data11 = data.relations;
if(data11 && typeof data11 == "object" && !Array.isArray(data11)){
for(const key2 in data11){
if(!(validate46(data11[key2], {instancePath:instancePath+"/relations/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data11,parentDataProperty:key2,rootData}))){
vErrors = vErrors === null ? validate46.errors : vErrors.concat(validate46.errors);
errors = vErrors.length;
}
}
}
else {
const err11 = {instancePath:instancePath+"/relations",schemaPath:"#/properties/relations/type",keyword:"type",params:{type: "object"},schema:schema11.properties.relations.type,parentSchema:schema11.properties.relations,data:data11};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data.autoFilter !== undefined){
let data13 = data.autoFilter;
const _errs31 = errors;
let valid11 = false;
const _errs32 = errors;
if(typeof data13 !== "boolean"){
const err12 = {instancePath:instancePath+"/autoFilter",schemaPath:"#/properties/autoFilter/anyOf/0/type",keyword:"type",params:{type: "boolean"},schema:schema11.properties.autoFilter.anyOf[0].type,parentSchema:schema11.properties.autoFilter.anyOf[0],data:data13};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
var _valid2 = _errs32 === errors;
valid11 = valid11 || _valid2;
if(!valid11){
const _errs34 = errors;
if(Array.isArray(data13)){
const len3 = data13.length;
for(let i3=0; i3<len3; i3++){
if(!(validate53(data13[i3], {instancePath:instancePath+"/autoFilter/" + i3,parentData:data13,parentDataProperty:i3,rootData}))){
vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors);
errors = vErrors.length;
}
}
}
else {
const err13 = {instancePath:instancePath+"/autoFilter",schemaPath:"#/properties/autoFilter/anyOf/1/type",keyword:"type",params:{type: "array"},schema:schema11.properties.autoFilter.anyOf[1].type,parentSchema:schema11.properties.autoFilter.anyOf[1],data:data13};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
var _valid2 = _errs34 === errors;
valid11 = valid11 || _valid2;
}
if(!valid11){
const err14 = {instancePath:instancePath+"/autoFilter",schemaPath:"#/properties/autoFilter/anyOf",keyword:"anyOf",params:{},schema:schema11.properties.autoFilter.anyOf,parentSchema:schema11.properties.autoFilter,data:data13};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
else {
errors = _errs31;
if(vErrors !== null){
if(_errs31){
vErrors.length = _errs31;
}
else {
vErrors = null;
}
}
}
}
if(data.attribution !== undefined){
let data15 = data.attribution;
if(typeof data15 !== "boolean"){
const err15 = {instancePath:instancePath+"/attribution",schemaPath:"#/properties/attribution/type",keyword:"type",params:{type: "boolean"},schema:schema11.properties.attribution.type,parentSchema:schema11.properties.attribution,data:data15};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data.cascadesTo !== undefined){
let data16 = data.cascadesTo;
if(Array.isArray(data16)){
const len4 = data16.length;
for(let i4=0; i4<len4; i4++){
if(!(validate47(data16[i4], {instancePath:instancePath+"/cascadesTo/" + i4,parentData:data16,parentDataProperty:i4,rootData}))){
vErrors = vErrors === null ? validate47.errors : vErrors.concat(validate47.errors);
errors = vErrors.length;
}
}
}
else {
const err16 = {instancePath:instancePath+"/cascadesTo",schemaPath:"#/properties/cascadesTo/type",keyword:"type",params:{type: "array"},schema:schema11.properties.cascadesTo.type,parentSchema:schema11.properties.cascadesTo,data:data16};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data.retention !== undefined){
if(!(validate56(data.retention, {instancePath:instancePath+"/retention",parentData:data,parentDataProperty:"retention",rootData}))){
vErrors = vErrors === null ? validate56.errors : vErrors.concat(validate56.errors);
errors = vErrors.length;
}
}
if(data.purge !== undefined){
if(!(validate58(data.purge, {instancePath:instancePath+"/purge",parentData:data,parentDataProperty:"purge",rootData}))){
vErrors = vErrors === null ? validate58.errors : vErrors.concat(validate58.errors);
errors = vErrors.length;
}
}
if(data.audit !== undefined){
if(!(validate47(data.audit, {instancePath:instancePath+"/audit",parentData:data,parentDataProperty:"audit",rootData}))){
vErrors = vErrors === null ? validate47.errors : vErrors.concat(validate47.errors);
errors = vErrors.length;
}
}
if(data.regulated !== undefined){
let data21 = data.regulated;
if(typeof data21 !== "boolean"){
const err17 = {instancePath:instancePath+"/regulated",schemaPath:"#/properties/regulated/type",keyword:"type",params:{type: "boolean"},schema:schema11.properties.regulated.type,parentSchema:schema11.properties.regulated,data:data21};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data.overwrites !== undefined){
if(!(validate39(data.overwrites, {instancePath:instancePath+"/overwrites",parentData:data,parentDataProperty:"overwrites",rootData}))){
vErrors = vErrors === null ? validate39.errors : vErrors.concat(validate39.errors);
errors = vErrors.length;
}
}
}
else {
const err18 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema11.type,parentSchema:schema11,data};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
validate32.errors = vErrors;
return errors === 0;
}

const schema20 = {"type":"object","title":"an object such as { \"kind\": \"predicate\", \"name\": \"notDeleted\" }","required":["kind"],"discriminator":{"propertyName":"kind"},"oneOf":[{"allOf":[{"title":"an object","$ref":"#/definitions/anyGuard"}],"additionalProperties":false,"properties":{"kind":{"const":"predicate"},"name":true,"from":true,"library":true,"table":{"title":"a text","$ref":"#/definitions/text"},"tableArg":{"title":"the position of an argument, counted from 0","$ref":"#/definitions/tableArg"},"yields":{"$ref":"#/definitions/yields"}}},{"allOf":[{"title":"an object","$ref":"#/definitions/anyGuard"}],"additionalProperties":false,"properties":{"kind":{"const":"where-object"},"name":true,"from":true,"library":true,"table":{"title":"a text","$ref":"#/definitions/text"},"yields":{"$ref":"#/definitions/yields"}}},{"allOf":[{"title":"an object","$ref":"#/definitions/anyGuard"}],"additionalProperties":false,"properties":{"kind":{"const":"where-wrapper"},"name":true,"from":true,"library":true,"table":{"title":"a text","$ref":"#/definitions/text"},"yields":{"$ref":"#/definitions/yields"}}},{"allOf":[{"title":"an object","$ref":"#/definitions/anyGuard"}],"additionalProperties":false,"properties":{"kind":{"const":"chain"},"name":true,"from":true,"library":true,"table":{"title":"a text","$ref":"#/definitions/text"},"tableArg":{"title":"the position of an argument, counted from 0","$ref":"#/definitions/tableArg"},"yields":{"$ref":"#/definitions/yields"}}},{"allOf":[{"title":"an object","$ref":"#/definitions/anyGuard"}],"additionalProperties":false,"properties":{"kind":{"const":"modifier"},"name":true,"from":true,"library":true,"table":{"title":"a text","$ref":"#/definitions/text"},"yields":{"$ref":"#/definitions/yields"}}},{"allOf":[{"title":"an object","$ref":"#/definitions/anyGuard"}],"additionalProperties":false,"properties":{"kind":{"const":"join-callback"},"name":true,"from":true,"library":true,"table":{"title":"a text","$ref":"#/definitions/text"},"yields":{"$ref":"#/definitions/yields"}}},{"allOf":[{"title":"an object","$ref":"#/definitions/anyGuard"}],"additionalProperties":false,"properties":{"kind":{"const":"scope"},"name":true,"from":true,"library":true,"model":{"title":"a text","$ref":"#/definitions/text"},"yields":{"$ref":"#/definitions/yields"}}},{"allOf":[{"title":"an object","$ref":"#/definitions/anyGuard"}],"additionalProperties":false,"properties":{"kind":{"const":"orm-filter"},"name":true,"from":true,"library":true,"tables":{"title":"a list of texts","$ref":"#/definitions/texts"},"bypass":{"title":"a list of texts","$ref":"#/definitions/texts"}}},{"allOf":[{"title":"an object","$ref":"#/definitions/anyGuard"}],"additionalProperties":false,"properties":{"kind":{"const":"client"},"name":true,"from":true,"library":true,"coverage":{"title":"\"root\", \"nested\" or an object","anyOf":[{"type":"string","enum":["root","nested"]},{"title":"an object","$ref":"#/definitions/clientCoverage"}]},"tables":{"title":"a list of texts","$ref":"#/definitions/texts"},"bypass":{"title":"a text","$ref":"#/definitions/text"}}},{"allOf":[{"title":"an object","$ref":"#/definitions/anyGuard"}],"additionalProperties":false,"properties":{"kind":{"const":"query-source"},"name":true,"from":true,"library":true,"table":{"title":"a text","$ref":"#/definitions/text"},"tableArg":{"title":"the position of an argument, counted from 0","$ref":"#/definitions/tableArg"},"yields":{"type":"string","enum":["live","dead","all"]}}},{"allOf":[{"title":"an object","$ref":"#/definitions/anyGuard"}],"additionalProperties":false,"properties":{"kind":{"const":"relation"},"name":true,"from":true,"library":true,"model":{"title":"a text","$ref":"#/definitions/text"},"yields":{"$ref":"#/definitions/yields"}}},{"allOf":[{"title":"an object","$ref":"#/definitions/anyGuard"}],"additionalProperties":false,"properties":{"kind":{"const":"assert"},"name":true,"from":true,"library":true}},{"allOf":[{"title":"an object","$ref":"#/definitions/anyGuard"}],"additionalProperties":false,"properties":{"kind":{"const":"soft-delete-fn"},"name":true,"from":true,"library":true,"table":{"title":"a text","$ref":"#/definitions/text"},"tableArg":{"title":"the position of an argument, counted from 0","$ref":"#/definitions/tableArg"}}},{"allOf":[{"title":"an object","$ref":"#/definitions/anyGuard"}],"additionalProperties":false,"properties":{"kind":{"const":"bypass"},"name":true,"from":true,"library":true,"reason":{"type":"boolean"}}}]};
const schema21 = {"title":"an object","required":["name"],"properties":{"name":{"title":"a name","$ref":"#/definitions/name"},"from":{"title":"a text","$ref":"#/definitions/text"},"library":{"title":"the name of a library","$ref":"#/definitions/library"}}};

function validate64(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "name"},schema:schema21.required,parentSchema:schema21,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.name !== undefined){
if(!(validate43(data.name, {instancePath:instancePath+"/name",parentData:data,parentDataProperty:"name",rootData}))){
vErrors = vErrors === null ? validate43.errors : vErrors.concat(validate43.errors);
errors = vErrors.length;
}
}
if(data.from !== undefined){
if(!(validate33(data.from, {instancePath:instancePath+"/from",parentData:data,parentDataProperty:"from",rootData}))){
vErrors = vErrors === null ? validate33.errors : vErrors.concat(validate33.errors);
errors = vErrors.length;
}
}
if(data.library !== undefined){
if(!(validate53(data.library, {instancePath:instancePath+"/library",parentData:data,parentDataProperty:"library",rootData}))){
vErrors = vErrors === null ? validate53.errors : vErrors.concat(validate53.errors);
errors = vErrors.length;
}
}
}
validate64.errors = vErrors;
return errors === 0;
}

const schema22 = {"type":"integer","minimum":0,"title":"the position of an argument, counted from 0"};

function validate70(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(!(((typeof data == "number") && (!(data % 1) && !isNaN(data))) && (isFinite(data)))){
const err0 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "integer"},schema:schema22.type,parentSchema:schema22,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if((typeof data == "number") && (isFinite(data))){
if(data < 0 || isNaN(data)){
const err1 = {instancePath,schemaPath:"#/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},schema:0,parentSchema:schema22,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
validate70.errors = vErrors;
return errors === 0;
}

const schema23 = {"type":"string","enum":["live","dead"]};

function validate72(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(typeof data !== "string"){
const err0 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "string"},schema:schema23.type,parentSchema:schema23,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(!((data === "live") || (data === "dead"))){
const err1 = {instancePath,schemaPath:"#/enum",keyword:"enum",params:{allowedValues: schema23.enum},schema:schema23.enum,parentSchema:schema23,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
validate72.errors = vErrors;
return errors === 0;
}

const schema24 = {"type":"array","title":"a list of texts","minItems":1,"items":{"title":"a text","$ref":"#/definitions/text"}};

function validate94(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(Array.isArray(data)){
if(data.length < 1){
const err0 = {instancePath,schemaPath:"#/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema24,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
const len0 = data.length;
for(let i0=0; i0<len0; i0++){
if(!(validate33(data[i0], {instancePath:instancePath+"/" + i0,parentData:data,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate33.errors : vErrors.concat(validate33.errors);
errors = vErrors.length;
}
}
}
else {
const err1 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "array"},schema:schema24.type,parentSchema:schema24,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
validate94.errors = vErrors;
return errors === 0;
}

const schema25 = {"type":"object","title":"an object","additionalProperties":false,"properties":{"reads":{"title":"a list of texts","$ref":"#/definitions/texts"},"writes":{"title":"a list of texts","$ref":"#/definitions/texts"},"nested":{"type":"boolean"},"counts":{"type":"boolean"},"raw":{"type":"boolean"}}};

function validate99(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((((key0 === "reads") || (key0 === "writes")) || (key0 === "nested")) || (key0 === "counts")) || (key0 === "raw"))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema25,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.reads !== undefined){
if(!(validate94(data.reads, {instancePath:instancePath+"/reads",parentData:data,parentDataProperty:"reads",rootData}))){
vErrors = vErrors === null ? validate94.errors : vErrors.concat(validate94.errors);
errors = vErrors.length;
}
}
if(data.writes !== undefined){
if(!(validate94(data.writes, {instancePath:instancePath+"/writes",parentData:data,parentDataProperty:"writes",rootData}))){
vErrors = vErrors === null ? validate94.errors : vErrors.concat(validate94.errors);
errors = vErrors.length;
}
}
if(data.nested !== undefined){
let data2 = data.nested;
if(typeof data2 !== "boolean"){
const err1 = {instancePath:instancePath+"/nested",schemaPath:"#/properties/nested/type",keyword:"type",params:{type: "boolean"},schema:schema25.properties.nested.type,parentSchema:schema25.properties.nested,data:data2};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.counts !== undefined){
let data3 = data.counts;
if(typeof data3 !== "boolean"){
const err2 = {instancePath:instancePath+"/counts",schemaPath:"#/properties/counts/type",keyword:"type",params:{type: "boolean"},schema:schema25.properties.counts.type,parentSchema:schema25.properties.counts,data:data3};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.raw !== undefined){
let data4 = data.raw;
if(typeof data4 !== "boolean"){
const err3 = {instancePath:instancePath+"/raw",schemaPath:"#/properties/raw/type",keyword:"type",params:{type: "boolean"},schema:schema25.properties.raw.type,parentSchema:schema25.properties.raw,data:data4};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
}
else {
const err4 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema25.type,parentSchema:schema25,data};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
validate99.errors = vErrors;
return errors === 0;
}


function validate63(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.kind === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "kind"},schema:schema20.required,parentSchema:schema20,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
const tag0 = data.kind;
if(typeof tag0 == "string"){
if(tag0 === "predicate"){
if(!(validate64(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((((((key0 === "kind") || (key0 === "name")) || (key0 === "from")) || (key0 === "library")) || (key0 === "table")) || (key0 === "tableArg")) || (key0 === "yields"))){
const err1 = {instancePath,schemaPath:"#/oneOf/0/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema20.oneOf[0],data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.kind !== undefined){
let data0 = data.kind;
if("predicate" !== data0){
const err2 = {instancePath:instancePath+"/kind",schemaPath:"#/oneOf/0/properties/kind/const",keyword:"const",params:{allowedValue: "predicate"},schema:"predicate",parentSchema:schema20.oneOf[0].properties.kind,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.table !== undefined){
if(!(validate33(data.table, {instancePath:instancePath+"/table",parentData:data,parentDataProperty:"table",rootData}))){
vErrors = vErrors === null ? validate33.errors : vErrors.concat(validate33.errors);
errors = vErrors.length;
}
}
if(data.tableArg !== undefined){
if(!(validate70(data.tableArg, {instancePath:instancePath+"/tableArg",parentData:data,parentDataProperty:"tableArg",rootData}))){
vErrors = vErrors === null ? validate70.errors : vErrors.concat(validate70.errors);
errors = vErrors.length;
}
}
if(data.yields !== undefined){
if(!(validate72(data.yields, {instancePath:instancePath+"/yields",parentData:data,parentDataProperty:"yields",rootData}))){
vErrors = vErrors === null ? validate72.errors : vErrors.concat(validate72.errors);
errors = vErrors.length;
}
}
}
}
else if(tag0 === "where-object"){
if(!(validate64(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key1 in data){
if(!((((((key1 === "kind") || (key1 === "name")) || (key1 === "from")) || (key1 === "library")) || (key1 === "table")) || (key1 === "yields"))){
const err3 = {instancePath,schemaPath:"#/oneOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},schema:false,parentSchema:schema20.oneOf[1],data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.kind !== undefined){
let data4 = data.kind;
if("where-object" !== data4){
const err4 = {instancePath:instancePath+"/kind",schemaPath:"#/oneOf/1/properties/kind/const",keyword:"const",params:{allowedValue: "where-object"},schema:"where-object",parentSchema:schema20.oneOf[1].properties.kind,data:data4};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.table !== undefined){
if(!(validate33(data.table, {instancePath:instancePath+"/table",parentData:data,parentDataProperty:"table",rootData}))){
vErrors = vErrors === null ? validate33.errors : vErrors.concat(validate33.errors);
errors = vErrors.length;
}
}
if(data.yields !== undefined){
if(!(validate72(data.yields, {instancePath:instancePath+"/yields",parentData:data,parentDataProperty:"yields",rootData}))){
vErrors = vErrors === null ? validate72.errors : vErrors.concat(validate72.errors);
errors = vErrors.length;
}
}
}
}
else if(tag0 === "where-wrapper"){
if(!(validate64(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key2 in data){
if(!((((((key2 === "kind") || (key2 === "name")) || (key2 === "from")) || (key2 === "library")) || (key2 === "table")) || (key2 === "yields"))){
const err5 = {instancePath,schemaPath:"#/oneOf/2/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},schema:false,parentSchema:schema20.oneOf[2],data};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.kind !== undefined){
let data7 = data.kind;
if("where-wrapper" !== data7){
const err6 = {instancePath:instancePath+"/kind",schemaPath:"#/oneOf/2/properties/kind/const",keyword:"const",params:{allowedValue: "where-wrapper"},schema:"where-wrapper",parentSchema:schema20.oneOf[2].properties.kind,data:data7};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.table !== undefined){
if(!(validate33(data.table, {instancePath:instancePath+"/table",parentData:data,parentDataProperty:"table",rootData}))){
vErrors = vErrors === null ? validate33.errors : vErrors.concat(validate33.errors);
errors = vErrors.length;
}
}
if(data.yields !== undefined){
if(!(validate72(data.yields, {instancePath:instancePath+"/yields",parentData:data,parentDataProperty:"yields",rootData}))){
vErrors = vErrors === null ? validate72.errors : vErrors.concat(validate72.errors);
errors = vErrors.length;
}
}
}
}
else if(tag0 === "chain"){
if(!(validate64(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key3 in data){
if(!(((((((key3 === "kind") || (key3 === "name")) || (key3 === "from")) || (key3 === "library")) || (key3 === "table")) || (key3 === "tableArg")) || (key3 === "yields"))){
const err7 = {instancePath,schemaPath:"#/oneOf/3/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},schema:false,parentSchema:schema20.oneOf[3],data};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data.kind !== undefined){
let data10 = data.kind;
if("chain" !== data10){
const err8 = {instancePath:instancePath+"/kind",schemaPath:"#/oneOf/3/properties/kind/const",keyword:"const",params:{allowedValue: "chain"},schema:"chain",parentSchema:schema20.oneOf[3].properties.kind,data:data10};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.table !== undefined){
if(!(validate33(data.table, {instancePath:instancePath+"/table",parentData:data,parentDataProperty:"table",rootData}))){
vErrors = vErrors === null ? validate33.errors : vErrors.concat(validate33.errors);
errors = vErrors.length;
}
}
if(data.tableArg !== undefined){
if(!(validate70(data.tableArg, {instancePath:instancePath+"/tableArg",parentData:data,parentDataProperty:"tableArg",rootData}))){
vErrors = vErrors === null ? validate70.errors : vErrors.concat(validate70.errors);
errors = vErrors.length;
}
}
if(data.yields !== undefined){
if(!(validate72(data.yields, {instancePath:instancePath+"/yields",parentData:data,parentDataProperty:"yields",rootData}))){
vErrors = vErrors === null ? validate72.errors : vErrors.concat(validate72.errors);
errors = vErrors.length;
}
}
}
}
else if(tag0 === "modifier"){
if(!(validate64(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key4 in data){
if(!((((((key4 === "kind") || (key4 === "name")) || (key4 === "from")) || (key4 === "library")) || (key4 === "table")) || (key4 === "yields"))){
const err9 = {instancePath,schemaPath:"#/oneOf/4/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},schema:false,parentSchema:schema20.oneOf[4],data};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.kind !== undefined){
let data14 = data.kind;
if("modifier" !== data14){
const err10 = {instancePath:instancePath+"/kind",schemaPath:"#/oneOf/4/properties/kind/const",keyword:"const",params:{allowedValue: "modifier"},schema:"modifier",parentSchema:schema20.oneOf[4].properties.kind,data:data14};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.table !== undefined){
if(!(validate33(data.table, {instancePath:instancePath+"/table",parentData:data,parentDataProperty:"table",rootData}))){
vErrors = vErrors === null ? validate33.errors : vErrors.concat(validate33.errors);
errors = vErrors.length;
}
}
if(data.yields !== undefined){
if(!(validate72(data.yields, {instancePath:instancePath+"/yields",parentData:data,parentDataProperty:"yields",rootData}))){
vErrors = vErrors === null ? validate72.errors : vErrors.concat(validate72.errors);
errors = vErrors.length;
}
}
}
}
else if(tag0 === "join-callback"){
if(!(validate64(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key5 in data){
if(!((((((key5 === "kind") || (key5 === "name")) || (key5 === "from")) || (key5 === "library")) || (key5 === "table")) || (key5 === "yields"))){
const err11 = {instancePath,schemaPath:"#/oneOf/5/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5},schema:false,parentSchema:schema20.oneOf[5],data};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data.kind !== undefined){
let data17 = data.kind;
if("join-callback" !== data17){
const err12 = {instancePath:instancePath+"/kind",schemaPath:"#/oneOf/5/properties/kind/const",keyword:"const",params:{allowedValue: "join-callback"},schema:"join-callback",parentSchema:schema20.oneOf[5].properties.kind,data:data17};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.table !== undefined){
if(!(validate33(data.table, {instancePath:instancePath+"/table",parentData:data,parentDataProperty:"table",rootData}))){
vErrors = vErrors === null ? validate33.errors : vErrors.concat(validate33.errors);
errors = vErrors.length;
}
}
if(data.yields !== undefined){
if(!(validate72(data.yields, {instancePath:instancePath+"/yields",parentData:data,parentDataProperty:"yields",rootData}))){
vErrors = vErrors === null ? validate72.errors : vErrors.concat(validate72.errors);
errors = vErrors.length;
}
}
}
}
else if(tag0 === "scope"){
if(!(validate64(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key6 in data){
if(!((((((key6 === "kind") || (key6 === "name")) || (key6 === "from")) || (key6 === "library")) || (key6 === "model")) || (key6 === "yields"))){
const err13 = {instancePath,schemaPath:"#/oneOf/6/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6},schema:false,parentSchema:schema20.oneOf[6],data};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data.kind !== undefined){
let data20 = data.kind;
if("scope" !== data20){
const err14 = {instancePath:instancePath+"/kind",schemaPath:"#/oneOf/6/properties/kind/const",keyword:"const",params:{allowedValue: "scope"},schema:"scope",parentSchema:schema20.oneOf[6].properties.kind,data:data20};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data.model !== undefined){
if(!(validate33(data.model, {instancePath:instancePath+"/model",parentData:data,parentDataProperty:"model",rootData}))){
vErrors = vErrors === null ? validate33.errors : vErrors.concat(validate33.errors);
errors = vErrors.length;
}
}
if(data.yields !== undefined){
if(!(validate72(data.yields, {instancePath:instancePath+"/yields",parentData:data,parentDataProperty:"yields",rootData}))){
vErrors = vErrors === null ? validate72.errors : vErrors.concat(validate72.errors);
errors = vErrors.length;
}
}
}
}
else if(tag0 === "orm-filter"){
if(!(validate64(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key7 in data){
if(!((((((key7 === "kind") || (key7 === "name")) || (key7 === "from")) || (key7 === "library")) || (key7 === "tables")) || (key7 === "bypass"))){
const err15 = {instancePath,schemaPath:"#/oneOf/7/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7},schema:false,parentSchema:schema20.oneOf[7],data};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data.kind !== undefined){
let data23 = data.kind;
if("orm-filter" !== data23){
const err16 = {instancePath:instancePath+"/kind",schemaPath:"#/oneOf/7/properties/kind/const",keyword:"const",params:{allowedValue: "orm-filter"},schema:"orm-filter",parentSchema:schema20.oneOf[7].properties.kind,data:data23};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data.tables !== undefined){
if(!(validate94(data.tables, {instancePath:instancePath+"/tables",parentData:data,parentDataProperty:"tables",rootData}))){
vErrors = vErrors === null ? validate94.errors : vErrors.concat(validate94.errors);
errors = vErrors.length;
}
}
if(data.bypass !== undefined){
if(!(validate94(data.bypass, {instancePath:instancePath+"/bypass",parentData:data,parentDataProperty:"bypass",rootData}))){
vErrors = vErrors === null ? validate94.errors : vErrors.concat(validate94.errors);
errors = vErrors.length;
}
}
}
}
else if(tag0 === "client"){
if(!(validate64(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key8 in data){
if(!(((((((key8 === "kind") || (key8 === "name")) || (key8 === "from")) || (key8 === "library")) || (key8 === "coverage")) || (key8 === "tables")) || (key8 === "bypass"))){
const err17 = {instancePath,schemaPath:"#/oneOf/8/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8},schema:false,parentSchema:schema20.oneOf[8],data};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data.kind !== undefined){
let data26 = data.kind;
if("client" !== data26){
const err18 = {instancePath:instancePath+"/kind",schemaPath:"#/oneOf/8/properties/kind/const",keyword:"const",params:{allowedValue: "client"},schema:"client",parentSchema:schema20.oneOf[8].properties.kind,data:data26};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data.coverage !== undefined){
let data27 = data.coverage;
const _errs57 = errors;
let valid28 = false;
const _errs58 = errors;
if(typeof data27 !== "string"){
const err19 = {instancePath:instancePath+"/coverage",schemaPath:"#/oneOf/8/properties/coverage/anyOf/0/type",keyword:"type",params:{type: "string"},schema:schema20.oneOf[8].properties.coverage.anyOf[0].type,parentSchema:schema20.oneOf[8].properties.coverage.anyOf[0],data:data27};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
if(!((data27 === "root") || (data27 === "nested"))){
const err20 = {instancePath:instancePath+"/coverage",schemaPath:"#/oneOf/8/properties/coverage/anyOf/0/enum",keyword:"enum",params:{allowedValues: schema20.oneOf[8].properties.coverage.anyOf[0].enum},schema:schema20.oneOf[8].properties.coverage.anyOf[0].enum,parentSchema:schema20.oneOf[8].properties.coverage.anyOf[0],data:data27};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
var _valid0 = _errs58 === errors;
valid28 = valid28 || _valid0;
if(!valid28){
const _errs60 = errors;
if(!(validate99(data27, {instancePath:instancePath+"/coverage",parentData:data,parentDataProperty:"coverage",rootData}))){
vErrors = vErrors === null ? validate99.errors : vErrors.concat(validate99.errors);
errors = vErrors.length;
}
var _valid0 = _errs60 === errors;
valid28 = valid28 || _valid0;
}
if(!valid28){
const err21 = {instancePath:instancePath+"/coverage",schemaPath:"#/oneOf/8/properties/coverage/anyOf",keyword:"anyOf",params:{},schema:schema20.oneOf[8].properties.coverage.anyOf,parentSchema:schema20.oneOf[8].properties.coverage,data:data27};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
else {
errors = _errs57;
if(vErrors !== null){
if(_errs57){
vErrors.length = _errs57;
}
else {
vErrors = null;
}
}
}
}
if(data.tables !== undefined){
if(!(validate94(data.tables, {instancePath:instancePath+"/tables",parentData:data,parentDataProperty:"tables",rootData}))){
vErrors = vErrors === null ? validate94.errors : vErrors.concat(validate94.errors);
errors = vErrors.length;
}
}
if(data.bypass !== undefined){
if(!(validate33(data.bypass, {instancePath:instancePath+"/bypass",parentData:data,parentDataProperty:"bypass",rootData}))){
vErrors = vErrors === null ? validate33.errors : vErrors.concat(validate33.errors);
errors = vErrors.length;
}
}
}
}
else if(tag0 === "query-source"){
if(!(validate64(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key9 in data){
if(!(((((((key9 === "kind") || (key9 === "name")) || (key9 === "from")) || (key9 === "library")) || (key9 === "table")) || (key9 === "tableArg")) || (key9 === "yields"))){
const err22 = {instancePath,schemaPath:"#/oneOf/9/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key9},schema:false,parentSchema:schema20.oneOf[9],data};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data.kind !== undefined){
let data30 = data.kind;
if("query-source" !== data30){
const err23 = {instancePath:instancePath+"/kind",schemaPath:"#/oneOf/9/properties/kind/const",keyword:"const",params:{allowedValue: "query-source"},schema:"query-source",parentSchema:schema20.oneOf[9].properties.kind,data:data30};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data.table !== undefined){
if(!(validate33(data.table, {instancePath:instancePath+"/table",parentData:data,parentDataProperty:"table",rootData}))){
vErrors = vErrors === null ? validate33.errors : vErrors.concat(validate33.errors);
errors = vErrors.length;
}
}
if(data.tableArg !== undefined){
if(!(validate70(data.tableArg, {instancePath:instancePath+"/tableArg",parentData:data,parentDataProperty:"tableArg",rootData}))){
vErrors = vErrors === null ? validate70.errors : vErrors.concat(validate70.errors);
errors = vErrors.length;
}
}
if(data.yields !== undefined){
let data33 = data.yields;
if(typeof data33 !== "string"){
const err24 = {instancePath:instancePath+"/yields",schemaPath:"#/oneOf/9/properties/yields/type",keyword:"type",params:{type: "string"},schema:schema20.oneOf[9].properties.yields.type,parentSchema:schema20.oneOf[9].properties.yields,data:data33};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
if(!(((data33 === "live") || (data33 === "dead")) || (data33 === "all"))){
const err25 = {instancePath:instancePath+"/yields",schemaPath:"#/oneOf/9/properties/yields/enum",keyword:"enum",params:{allowedValues: schema20.oneOf[9].properties.yields.enum},schema:schema20.oneOf[9].properties.yields.enum,parentSchema:schema20.oneOf[9].properties.yields,data:data33};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
}
}
else if(tag0 === "relation"){
if(!(validate64(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key10 in data){
if(!((((((key10 === "kind") || (key10 === "name")) || (key10 === "from")) || (key10 === "library")) || (key10 === "model")) || (key10 === "yields"))){
const err26 = {instancePath,schemaPath:"#/oneOf/10/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key10},schema:false,parentSchema:schema20.oneOf[10],data};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data.kind !== undefined){
let data34 = data.kind;
if("relation" !== data34){
const err27 = {instancePath:instancePath+"/kind",schemaPath:"#/oneOf/10/properties/kind/const",keyword:"const",params:{allowedValue: "relation"},schema:"relation",parentSchema:schema20.oneOf[10].properties.kind,data:data34};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
if(data.model !== undefined){
if(!(validate33(data.model, {instancePath:instancePath+"/model",parentData:data,parentDataProperty:"model",rootData}))){
vErrors = vErrors === null ? validate33.errors : vErrors.concat(validate33.errors);
errors = vErrors.length;
}
}
if(data.yields !== undefined){
if(!(validate72(data.yields, {instancePath:instancePath+"/yields",parentData:data,parentDataProperty:"yields",rootData}))){
vErrors = vErrors === null ? validate72.errors : vErrors.concat(validate72.errors);
errors = vErrors.length;
}
}
}
}
else if(tag0 === "assert"){
if(!(validate64(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key11 in data){
if(!((((key11 === "kind") || (key11 === "name")) || (key11 === "from")) || (key11 === "library"))){
const err28 = {instancePath,schemaPath:"#/oneOf/11/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key11},schema:false,parentSchema:schema20.oneOf[11],data};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
if(data.kind !== undefined){
let data37 = data.kind;
if("assert" !== data37){
const err29 = {instancePath:instancePath+"/kind",schemaPath:"#/oneOf/11/properties/kind/const",keyword:"const",params:{allowedValue: "assert"},schema:"assert",parentSchema:schema20.oneOf[11].properties.kind,data:data37};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
}
}
else if(tag0 === "soft-delete-fn"){
if(!(validate64(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key12 in data){
if(!((((((key12 === "kind") || (key12 === "name")) || (key12 === "from")) || (key12 === "library")) || (key12 === "table")) || (key12 === "tableArg"))){
const err30 = {instancePath,schemaPath:"#/oneOf/12/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key12},schema:false,parentSchema:schema20.oneOf[12],data};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
if(data.kind !== undefined){
let data38 = data.kind;
if("soft-delete-fn" !== data38){
const err31 = {instancePath:instancePath+"/kind",schemaPath:"#/oneOf/12/properties/kind/const",keyword:"const",params:{allowedValue: "soft-delete-fn"},schema:"soft-delete-fn",parentSchema:schema20.oneOf[12].properties.kind,data:data38};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
if(data.table !== undefined){
if(!(validate33(data.table, {instancePath:instancePath+"/table",parentData:data,parentDataProperty:"table",rootData}))){
vErrors = vErrors === null ? validate33.errors : vErrors.concat(validate33.errors);
errors = vErrors.length;
}
}
if(data.tableArg !== undefined){
if(!(validate70(data.tableArg, {instancePath:instancePath+"/tableArg",parentData:data,parentDataProperty:"tableArg",rootData}))){
vErrors = vErrors === null ? validate70.errors : vErrors.concat(validate70.errors);
errors = vErrors.length;
}
}
}
}
else if(tag0 === "bypass"){
if(!(validate64(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate64.errors : vErrors.concat(validate64.errors);
errors = vErrors.length;
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key13 in data){
if(!(((((key13 === "kind") || (key13 === "name")) || (key13 === "from")) || (key13 === "library")) || (key13 === "reason"))){
const err32 = {instancePath,schemaPath:"#/oneOf/13/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key13},schema:false,parentSchema:schema20.oneOf[13],data};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
if(data.kind !== undefined){
let data41 = data.kind;
if("bypass" !== data41){
const err33 = {instancePath:instancePath+"/kind",schemaPath:"#/oneOf/13/properties/kind/const",keyword:"const",params:{allowedValue: "bypass"},schema:"bypass",parentSchema:schema20.oneOf[13].properties.kind,data:data41};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
if(data.reason !== undefined){
let data42 = data.reason;
if(typeof data42 !== "boolean"){
const err34 = {instancePath:instancePath+"/reason",schemaPath:"#/oneOf/13/properties/reason/type",keyword:"type",params:{type: "boolean"},schema:schema20.oneOf[13].properties.reason.type,parentSchema:schema20.oneOf[13].properties.reason,data:data42};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
}
}
else {
const err35 = {instancePath,schemaPath:"#/discriminator",keyword:"discriminator",params:{error: "mapping", tag: "kind", tagValue: tag0},schema:schema20.discriminator,parentSchema:schema20,data};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
else {
const err36 = {instancePath,schemaPath:"#/discriminator",keyword:"discriminator",params:{error: "tag", tag: "kind", tagValue: tag0},schema:schema20.discriminator,parentSchema:schema20,data};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
else {
const err37 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema20.type,parentSchema:schema20,data};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
validate63.errors = vErrors;
return errors === 0;
}

const pattern7 = new RegExp("^[0-9]+(\\.[0-9]+)*$", "u");

function validate21(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="manifest" */;
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.tables === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "tables"},schema:schema6.required,parentSchema:schema6,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!((((((((key0 === "$schema") || (key0 === "dialect")) || (key0 === "tombstone")) || (key0 === "tables")) || (key0 === "views")) || (key0 === "versions")) || (key0 === "guards")) || (key0 === "reads"))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema6,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.$schema !== undefined){
let data0 = data.$schema;
if(typeof data0 !== "string"){
const err2 = {instancePath:instancePath+"/$schema",schemaPath:"#/properties/%24schema/type",keyword:"type",params:{type: "string"},schema:schema6.properties.$schema.type,parentSchema:schema6.properties.$schema,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.dialect !== undefined){
let data1 = data.dialect;
if(typeof data1 !== "string"){
const err3 = {instancePath:instancePath+"/dialect",schemaPath:"#/properties/dialect/type",keyword:"type",params:{type: "string"},schema:schema6.properties.dialect.type,parentSchema:schema6.properties.dialect,data:data1};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(!(((((data1 === "postgresql") || (data1 === "mysql")) || (data1 === "mariadb")) || (data1 === "sqlite")) || (data1 === "bigquery"))){
const err4 = {instancePath:instancePath+"/dialect",schemaPath:"#/properties/dialect/enum",keyword:"enum",params:{allowedValues: schema6.properties.dialect.enum},schema:schema6.properties.dialect.enum,parentSchema:schema6.properties.dialect,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.tombstone !== undefined){
if(!(validate22(data.tombstone, {instancePath:instancePath+"/tombstone",parentData:data,parentDataProperty:"tombstone",rootData}))){
vErrors = vErrors === null ? validate22.errors : vErrors.concat(validate22.errors);
errors = vErrors.length;
}
}
if(data.tables !== undefined){
let data3 = data.tables;
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
if(Object.keys(data3).length < 1){
const err5 = {instancePath:instancePath+"/tables",schemaPath:"#/properties/tables/minProperties",keyword:"minProperties",params:{limit: 1},schema:1,parentSchema:schema6.properties.tables,data:data3};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
for(const key1 in data3){
let data4 = data3[key1];
const _errs11 = errors;
let valid2 = false;
const _errs12 = errors;
if(typeof data4 !== "string"){
const err6 = {instancePath:instancePath+"/tables/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/tables/additionalProperties/anyOf/0/type",keyword:"type",params:{type: "string"},schema:schema6.properties.tables.additionalProperties.anyOf[0].type,parentSchema:schema6.properties.tables.additionalProperties.anyOf[0],data:data4};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(!((data4 === "soft") || (data4 === "hard"))){
const err7 = {instancePath:instancePath+"/tables/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/tables/additionalProperties/anyOf/0/enum",keyword:"enum",params:{allowedValues: schema6.properties.tables.additionalProperties.anyOf[0].enum},schema:schema6.properties.tables.additionalProperties.anyOf[0].enum,parentSchema:schema6.properties.tables.additionalProperties.anyOf[0],data:data4};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
var _valid0 = _errs12 === errors;
valid2 = valid2 || _valid0;
if(!valid2){
const _errs14 = errors;
if(!(validate32(data4, {instancePath:instancePath+"/tables/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data3,parentDataProperty:key1,rootData}))){
vErrors = vErrors === null ? validate32.errors : vErrors.concat(validate32.errors);
errors = vErrors.length;
}
var _valid0 = _errs14 === errors;
valid2 = valid2 || _valid0;
}
if(!valid2){
const err8 = {instancePath:instancePath+"/tables/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/tables/additionalProperties/anyOf",keyword:"anyOf",params:{},schema:schema6.properties.tables.additionalProperties.anyOf,parentSchema:schema6.properties.tables.additionalProperties,data:data4};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
else {
errors = _errs11;
if(vErrors !== null){
if(_errs11){
vErrors.length = _errs11;
}
else {
vErrors = null;
}
}
}
}
}
else {
const err9 = {instancePath:instancePath+"/tables",schemaPath:"#/properties/tables/type",keyword:"type",params:{type: "object"},schema:schema6.properties.tables.type,parentSchema:schema6.properties.tables,data:data3};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.views !== undefined){
let data5 = data.views;
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
for(const key2 in data5){
let data6 = data5[key2];
if(typeof data6 !== "string"){
const err10 = {instancePath:instancePath+"/views/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/views/additionalProperties/type",keyword:"type",params:{type: "string"},schema:schema6.properties.views.additionalProperties.type,parentSchema:schema6.properties.views.additionalProperties,data:data6};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(!((data6 === "live") || (data6 === "all"))){
const err11 = {instancePath:instancePath+"/views/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/views/additionalProperties/enum",keyword:"enum",params:{allowedValues: schema6.properties.views.additionalProperties.enum},schema:schema6.properties.views.additionalProperties.enum,parentSchema:schema6.properties.views.additionalProperties,data:data6};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
}
else {
const err12 = {instancePath:instancePath+"/views",schemaPath:"#/properties/views/type",keyword:"type",params:{type: "object"},schema:schema6.properties.views.type,parentSchema:schema6.properties.views,data:data5};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.versions !== undefined){
let data7 = data.versions;
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
for(const key3 in data7){
const _errs22 = errors;
if(!(((key3 === "typeorm") || (key3 === "sequelize")) || (key3 === "mikro-orm"))){
const err13 = {instancePath:instancePath+"/versions",schemaPath:"#/properties/versions/propertyNames/enum",keyword:"enum",params:{allowedValues: schema6.properties.versions.propertyNames.enum},schema:schema6.properties.versions.propertyNames.enum,parentSchema:schema6.properties.versions.propertyNames,data:key3,propertyName:key3};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
var valid4 = _errs22 === errors;
if(!valid4){
const err14 = {instancePath:instancePath+"/versions",schemaPath:"#/properties/versions/propertyNames",keyword:"propertyNames",params:{propertyName: key3},schema:schema6.properties.versions.propertyNames,parentSchema:schema6.properties.versions,data:data7};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
for(const key4 in data7){
let data8 = data7[key4];
if(typeof data8 === "string"){
if(!pattern7.test(data8)){
const err15 = {instancePath:instancePath+"/versions/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/versions/additionalProperties/pattern",keyword:"pattern",params:{pattern: "^[0-9]+(\\.[0-9]+)*$"},schema:"^[0-9]+(\\.[0-9]+)*$",parentSchema:schema6.properties.versions.additionalProperties,data:data8};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
else {
const err16 = {instancePath:instancePath+"/versions/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/versions/additionalProperties/type",keyword:"type",params:{type: "string"},schema:schema6.properties.versions.additionalProperties.type,parentSchema:schema6.properties.versions.additionalProperties,data:data8};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
}
else {
const err17 = {instancePath:instancePath+"/versions",schemaPath:"#/properties/versions/type",keyword:"type",params:{type: "object"},schema:schema6.properties.versions.type,parentSchema:schema6.properties.versions,data:data7};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data.guards !== undefined){
let data9 = data.guards;
if(Array.isArray(data9)){
const len0 = data9.length;
for(let i0=0; i0<len0; i0++){
if(!(validate63(data9[i0], {instancePath:instancePath+"/guards/" + i0,parentData:data9,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate63.errors : vErrors.concat(validate63.errors);
errors = vErrors.length;
}
}
}
else {
const err18 = {instancePath:instancePath+"/guards",schemaPath:"#/properties/guards/type",keyword:"type",params:{type: "array"},schema:schema6.properties.guards.type,parentSchema:schema6.properties.guards,data:data9};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data.reads !== undefined){
let data11 = data.reads;
if(data11 && typeof data11 == "object" && !Array.isArray(data11)){
for(const key5 in data11){
let data12 = data11[key5];
if(typeof data12 !== "string"){
const err19 = {instancePath:instancePath+"/reads/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/reads/additionalProperties/type",keyword:"type",params:{type: "string"},schema:schema6.properties.reads.additionalProperties.type,parentSchema:schema6.properties.reads.additionalProperties,data:data12};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
if(!(((data12 === "all") || (data12 === "once")) || (data12 === "live"))){
const err20 = {instancePath:instancePath+"/reads/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/reads/additionalProperties/enum",keyword:"enum",params:{allowedValues: schema6.properties.reads.additionalProperties.enum},schema:schema6.properties.reads.additionalProperties.enum,parentSchema:schema6.properties.reads.additionalProperties,data:data12};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
}
else {
const err21 = {instancePath:instancePath+"/reads",schemaPath:"#/properties/reads/type",keyword:"type",params:{type: "object"},schema:schema6.properties.reads.type,parentSchema:schema6.properties.reads,data:data11};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
}
else {
const err22 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema6.type,parentSchema:schema6,data};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
validate21.errors = vErrors;
return errors === 0;
}

export const checkSettings = validate117;
const schema26 = {"title":"an object","type":"object","additionalProperties":false,"properties":{"manifest":{},"tags":{"type":"array","title":"a list of names","items":{"type":"string","pattern":"\\S","title":"a name"}},"calls":{"type":"array","title":"a list of names","items":{"type":"string","pattern":"\\S","title":"a name"}},"unknown":{"type":"string","enum":["report","ignore"]}},"$id":"settings"};

function validate117(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="settings" */;
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((key0 === "manifest") || (key0 === "tags")) || (key0 === "calls")) || (key0 === "unknown"))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema26,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.tags !== undefined){
let data0 = data.tags;
if(Array.isArray(data0)){
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
let data1 = data0[i0];
if(typeof data1 === "string"){
if(!pattern0.test(data1)){
const err1 = {instancePath:instancePath+"/tags/" + i0,schemaPath:"#/properties/tags/items/pattern",keyword:"pattern",params:{pattern: "\\S"},schema:"\\S",parentSchema:schema26.properties.tags.items,data:data1};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
else {
const err2 = {instancePath:instancePath+"/tags/" + i0,schemaPath:"#/properties/tags/items/type",keyword:"type",params:{type: "string"},schema:schema26.properties.tags.items.type,parentSchema:schema26.properties.tags.items,data:data1};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
}
else {
const err3 = {instancePath:instancePath+"/tags",schemaPath:"#/properties/tags/type",keyword:"type",params:{type: "array"},schema:schema26.properties.tags.type,parentSchema:schema26.properties.tags,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.calls !== undefined){
let data2 = data.calls;
if(Array.isArray(data2)){
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
let data3 = data2[i1];
if(typeof data3 === "string"){
if(!pattern0.test(data3)){
const err4 = {instancePath:instancePath+"/calls/" + i1,schemaPath:"#/properties/calls/items/pattern",keyword:"pattern",params:{pattern: "\\S"},schema:"\\S",parentSchema:schema26.properties.calls.items,data:data3};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/calls/" + i1,schemaPath:"#/properties/calls/items/type",keyword:"type",params:{type: "string"},schema:schema26.properties.calls.items.type,parentSchema:schema26.properties.calls.items,data:data3};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
}
else {
const err6 = {instancePath:instancePath+"/calls",schemaPath:"#/properties/calls/type",keyword:"type",params:{type: "array"},schema:schema26.properties.calls.type,parentSchema:schema26.properties.calls,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.unknown !== undefined){
let data4 = data.unknown;
if(typeof data4 !== "string"){
const err7 = {instancePath:instancePath+"/unknown",schemaPath:"#/properties/unknown/type",keyword:"type",params:{type: "string"},schema:schema26.properties.unknown.type,parentSchema:schema26.properties.unknown,data:data4};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(!((data4 === "report") || (data4 === "ignore"))){
const err8 = {instancePath:instancePath+"/unknown",schemaPath:"#/properties/unknown/enum",keyword:"enum",params:{allowedValues: schema26.properties.unknown.enum},schema:schema26.properties.unknown.enum,parentSchema:schema26.properties.unknown,data:data4};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
}
else {
const err9 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema26.type,parentSchema:schema26,data};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
validate117.errors = vErrors;
return errors === 0;
}
