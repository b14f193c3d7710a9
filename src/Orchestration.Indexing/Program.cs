using Orchestration.Indexing;
using Orchestration.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddIndexing();

return await builder.Build().RunServiceAsync(args, app => app.MapDefaultEndpoints().MapIndexing());
