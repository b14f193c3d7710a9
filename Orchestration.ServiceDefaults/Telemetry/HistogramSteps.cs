using OpenTelemetry.Metrics;

namespace Orchestration.ServiceDefaults.Telemetry;

/// <summary>Steps of the histograms; those of generative AI as its semantic conventions advise.</summary>
internal static class HistogramSteps
{
    private static readonly double[] Tokens = [1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864];
    private static readonly double[] Operations = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
    private static readonly double[] FirstTokens = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
    private static readonly double[] Lags = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600];

    public static MeterProviderBuilder AddHistogramSteps(this MeterProviderBuilder metrics) => metrics
        .AddView("gen_ai.client.token.usage", Of(Tokens))
        .AddView("gen_ai.client.operation.duration", Of(Operations))
        .AddView("gen_ai.client.operation.time_to_first_chunk", Of(FirstTokens))
        .AddView("gen_ai.server.time_to_first_token", Of(FirstTokens))
        .AddView("orchestration.ledger.lag", Of(Lags));

    private static ExplicitBucketHistogramConfiguration Of(double[] steps) => new() { Boundaries = steps };
}
