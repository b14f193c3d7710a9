using Orchestration.Providers;
using Orchestration.Providers.Verification;
using Orchestration.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddProviders();

var app = builder.Build();
if (VendorCommands.Find(args) is { } command)
{
    await using (app) return await command(app, Console.Out, CancellationToken.None);
}

return await app.RunServiceAsync(args, service => service.MapDefaultEndpoints().MapProviders());
