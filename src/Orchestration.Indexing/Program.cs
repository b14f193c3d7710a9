using Orchestration.Indexing;
using Orchestration.Indexing.Extraction;
using Orchestration.ServiceDefaults;

if (args is [ReaderProgram.Verb])
    return await ReaderProgram.RunAsync();

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddIndexing();

return await builder.Build().RunServiceAsync(args, app => app.MapDefaultEndpoints().MapIndexing());
