namespace Orchestration.Gateway.Capture;

internal static class CaptureExtensions
{
    /// <summary>Adds the keeping of prompts and answers. To be called before what waits for running requests: the writer then stops after them.</summary>
    public static IServiceCollection AddCapture(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<CaptureOptions, CaptureOptionsValidator>().BindConfiguration(CaptureOptions.SectionName);
        services.AddSingleton<PayloadCapture>();
        services.AddSingleton<PayloadSeal>();
        services.AddSingleton<PayloadStore>();
        services.AddSingleton<PayloadBook>();
        services.AddHostedService<PayloadWriter>();
        return services;
    }
}
