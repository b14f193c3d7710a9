using Microsoft.EntityFrameworkCore;
using Npgsql;
using Orchestration.Contracts.Gateway.V1;
using Orchestration.Indexing.Analysis;
using Orchestration.Indexing.Collections;
using Orchestration.Indexing.Data;
using Orchestration.Indexing.Extraction;
using Orchestration.Indexing.Ingestion;
using Orchestration.Indexing.Postings;
using Orchestration.Indexing.Search;
using Orchestration.Indexing.Versions;
using Orchestration.ServiceDefaults;
using Orchestration.ServiceDefaults.Data;
using Orchestration.ServiceDefaults.Grpc;
using Orchestration.ServiceDefaults.Messaging;

namespace Orchestration.Indexing;

internal static class IndexingExtensions
{
    public static WebApplicationBuilder AddIndexing(this WebApplicationBuilder builder)
    {
        builder.AddServiceDatabase<WebApplicationBuilder, IndexingDbContext>(
            "indexing", source => source.UseVector(), context => context.UseVector(), extensions: ["vector"]);
        builder.AddMessaging(bus => bus.AddQueueConsumer<DocumentSubmittedConsumer>("document-submitted"));
        builder.Services.AddInternalGrpcServer();
        builder.Services.AddInternalGrpcClient<EmbeddingsService.EmbeddingsServiceClient>(ResourceNames.Gateway);
        builder.Services.AddOptionsWithValidateOnStart<IngestionOptions, IngestionOptionsValidator>()
            .BindConfiguration(IngestionOptions.SectionName);
        builder.Services.AddOptionsWithValidateOnStart<ExtractionOptions, ExtractionOptionsValidator>()
            .BindConfiguration(ExtractionOptions.SectionName);

        builder.Services.AddSingleton<IndexingTelemetry>();
        builder.Services.AddSingleton<ReaderProcess>();
        builder.Services.AddSingleton<TextExtraction>();
        builder.Services.AddSingleton<IngestionTokens>();
        builder.Services.AddSingleton<DocumentIntake>();
        builder.Services.AddSingleton<DocumentListing>();
        builder.Services.AddSingleton<DocumentControl>();
        builder.Services.AddSingleton<Removals>();
        builder.Services.AddSingleton<CollectionBooks>();
        builder.Services.AddSingleton<GatewayEmbedder>();
        builder.Services.AddSingleton<IngestionNews>().AddHostedService(provider => provider.GetRequiredService<IngestionNews>());
        builder.Services.AddSingleton<DocumentQueue>();
        builder.Services.AddSingleton<DocumentIndexer>();
        builder.Services.AddSingleton<TextAnalyzer>();
        builder.Services.AddSingleton<IndexVersions>();
        builder.Services.AddSingleton<ChunkIndexer>();
        builder.Services.AddSingleton<IndexBuilder>();
        builder.Services.AddHostedService<IndexUpkeep>();
        builder.Services.AddSingleton<QueryVectors>();
        builder.Services.AddSingleton<PassageSearch>();
        builder.Services.AddHostedService<IngestionWorker>();
        return builder;
    }

    public static WebApplication MapIndexing(this WebApplication app)
    {
        app.MapGrpcService<IndexingGrpcService>();
        return app;
    }
}
