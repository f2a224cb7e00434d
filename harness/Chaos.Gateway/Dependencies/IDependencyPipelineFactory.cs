using Polly;

namespace Chaos.Gateway.Dependencies;

/// <summary>Makes the pipeline that every call to Redis goes through.</summary>
internal interface IDependencyPipelineFactory
{
    ResiliencePipeline Create();
}
