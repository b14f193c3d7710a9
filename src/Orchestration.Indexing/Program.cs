using Orchestration.Indexing;
using Orchestration.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddIndexing();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapIndexing();
return await app.RunServiceAsync(args);
