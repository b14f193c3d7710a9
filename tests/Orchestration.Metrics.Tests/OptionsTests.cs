using Orchestration.Metrics.Recording;
using Orchestration.Metrics.Tracing;

namespace Orchestration.Metrics.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void Defaults_are_valid()
    {
        Accepts(new RecordingOptions()).ShouldBeTrue();
        Accepts(new TraceStoreOptions()).ShouldBeTrue();
    }

    [Fact]
    public void Each_bound_of_recording_is_enforced()
    {
        Accepts(new RecordingOptions { ConcurrentBatches = 0 }).ShouldBeFalse();
        Accepts(new RecordingOptions { ConcurrentBatches = 65 }).ShouldBeFalse();
        Accepts(new RecordingOptions { HoldTime = TimeSpan.FromMinutes(30) }).ShouldBeFalse();
        Accepts(new RecordingOptions { LongestPause = TimeSpan.Zero }).ShouldBeFalse();
    }

    [Fact]
    public void Each_bound_of_the_trace_store_is_enforced()
    {
        Accepts(new TraceStoreOptions { MaxSpans = 0 }).ShouldBeFalse();
        Accepts(new TraceStoreOptions { MaxBytes = 0 }).ShouldBeFalse();
        Accepts(new TraceStoreOptions { MaxSpansPerTrace = 0 }).ShouldBeFalse();
    }

    private static bool Accepts(RecordingOptions options) => new RecordingOptionsValidator().Validate(null, options).Succeeded;

    private static bool Accepts(TraceStoreOptions options) => new TraceStoreOptionsValidator().Validate(null, options).Succeeded;
}
