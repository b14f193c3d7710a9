using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using Orchestration.Simulator.Anthropic;
using Orchestration.Simulator.Chat;
using Orchestration.Simulator.Dialects;
using Orchestration.Simulator.Embeddings;
using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Gemini;
using Orchestration.Simulator.Home;
using Orchestration.Simulator.Journal;
using Orchestration.Simulator.Keys;
using Orchestration.Simulator.Models;
using Orchestration.Simulator.Ollama;
using Orchestration.Simulator.Rerank;
using Orchestration.Simulator.Responses;
using Orchestration.Simulator.Scripts;
using Orchestration.Simulator.Traffic;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator;

internal static class SimulatorExtensions
{
    private const long LargestBody = 128 * 1024 * 1024;

    public static WebApplicationBuilder AddSimulator(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<SimulatorOptions, SimulatorOptionsValidator>()
            .BindConfiguration(SimulatorOptions.SectionName);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            // Slow readers are a case under test, not something to defend against.
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
        });
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, SimulatorJsonContext.Default);
        });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(VendorCatalogue.Load());
        builder.Services.AddSingleton(services => new RequestJournal(
            services.GetRequiredService<IOptions<SimulatorOptions>>().Value.JournalCapacity,
            services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<FaultTable>();
        builder.Services.AddSingleton<TrafficShape>();
        builder.Services.AddSingleton<KeyDesk>();
        builder.Services.AddSingleton<VendorAccess>();
        builder.Services.AddSingleton<ChatEndpoint>();
        builder.Services.AddSingleton<EmbeddingsEndpoint>();
        builder.Services.AddSingleton<Reception>();
        builder.Services.AddSingleton<PromptCache>();
        return builder;
    }

    public static WebApplication MapSimulator(this WebApplication app)
    {
        app.MapHome();
        app.MapChat();
        app.MapAnthropic();
        app.MapGemini();
        app.MapResponses();
        app.MapOllama();
        app.MapRerank();
        app.MapEmbeddings();
        app.MapNativeEmbeddings();
        app.MapModels();
        app.MapBalances();
        app.MapFaults();
        app.MapScripts();
        app.MapKeys();
        app.MapJournal();
        app.MapTraffic();
        return app;
    }
}
